"""Personal data at rest and on the screen: encrypted, masked, searchable by keyed hash, erasable (个人信息保护).

The road of one value: assigned as text, it is sealed at once (`Sealed`); shown, it is masked; read in plain text, it
asks for a `Purpose`, which is written to the access log first. `docs/personal-data.md` tells the whole story.
"""

from guangyue.city.personal.kinds import Kind, mask, normalise
from guangyue.city.personal.purpose import Purpose, Read, record_reads_with
from guangyue.city.personal.sealed import Sealed

__all__ = ["Kind", "Purpose", "Read", "Sealed", "mask", "normalise", "record_reads_with"]
