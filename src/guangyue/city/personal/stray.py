"""Identity and telephone numbers where none belong: in free text, in file names, in what a camera says of itself (误填个人信息).

A field for a number is declared as personal and sealed. A number somebody types into a reason, or that a phone puts into
a file's name, would lie in the journal in plain for ever; so a form refuses it and a name loses it (PIPL 6: no more than
the purpose needs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from guangyue.city.errors import CityError
from guangyue.city.identifiers.id_number import parse_id_number

__all__ = ["stray", "without"]

_IDENTITY = re.compile(
    r"(?<![0-9])[1-9][0-9]{5}[\s-]?[12][0-9]{3}[\s-]?[01][0-9][0-3][0-9][\s-]?[0-9]{3}[0-9Xx](?![0-9])"
)
_MOBILE = re.compile(r"(?<![0-9.])(?:\+?86[\s-]?)?1[3-9][0-9][\s-]?[0-9]{4}[\s-]?[0-9]{4}(?![0-9])")
_GONE = "***"
_FULL_WIDTH = {ord("０") + n: ord("0") + n for n in range(10)}


def stray(text: str) -> bool:
    """Whether a text holds a citizen's identity number (check character and date hold) or a mobile telephone number."""
    return next(_found(text), None) is not None


def without(text: str) -> str:
    """The text with such numbers taken out."""
    plain = text.translate(_FULL_WIDTH)
    for start, end in sorted(_found(text), reverse=True):
        plain = f"{plain[:start]}{_GONE}{plain[end:]}"
    return plain if _GONE in plain else text


def _found(text: str) -> Iterator[tuple[int, int]]:
    plain = text.translate(_FULL_WIDTH)
    for found in _IDENTITY.finditer(plain):
        try:
            parse_id_number(found[0], today=date.max)
        except CityError:
            continue
        yield found.span()
    for found in _MOBILE.finditer(plain):
        yield found.span()
