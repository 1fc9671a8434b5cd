"""One procedure for each file of the offence catalogue: nothing is declared here, a new file is enough.

The files lie in ``law/offences``, the course they follow in :mod:`guangyue.desks.streets.course`. Illegal parking is
declared by hand in :mod:`~guangyue.desks.streets.procedures.parking`.
"""

from __future__ import annotations

from guangyue.desks.streets.course import course
from guangyue.law.competence.catalogue import CATALOGUE

for _kind in CATALOGUE.values():
    if not _kind.by_hand:
        globals()[_kind.code.upper()] = course(_kind)

CODES: tuple[str, ...] = tuple(f"streets.{code}" for code in CATALOGUE)
"""The codes of all offence procedures: what questionings, identity requests, transfers and measures belong to."""
