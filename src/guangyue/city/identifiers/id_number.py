"""Citizen identity number (公民身份号码, GB 11643-1999): eighteen characters.

Only length, date and check character are tested. The six digits of the first registration's division are not looked
up: a code may be younger than its holder's birth year, so a table of codes by year refuses real people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from typing_extensions import override

from guangyue.city.errors import CityError
from guangyue.city.identifiers.text import squeeze

__all__ = ["IdNumber", "Sex", "check_character", "parse_id_number"]

_SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_EARLIEST = date(1850, 1, 1)


class Sex(StrEnum):
    """The sex a number encodes (性别): the seventeenth digit, odd for men."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True, repr=False)
class IdNumber:
    """A checked identity number; `repr` shows no digit of it."""

    value: str
    birth: date
    sex: Sex

    @property
    def division(self) -> str:
        """The six digits of the division of first registration (行政区划代码)."""
        return self.value[:6]

    def age_on(self, day: date) -> int:
        """Completed years on a day; one born on 29 February turns on 1 March in common years."""
        return day.year - self.birth.year - ((day.month, day.day) < (self.birth.month, self.birth.day))

    @override
    def __repr__(self) -> str:
        return "IdNumber(…)"


def check_character(first17: str) -> str:
    """The check character after seventeen digits (ISO 7064 MOD 11-2)."""
    remainder = 0
    for digit in first17:
        remainder = (remainder + int(digit)) * 2 % 11
    return "0123456789X"[(12 - remainder) % 11]


def parse_id_number(text: str, *, today: date) -> IdNumber:
    """Read an identity number.

    Args:
        text: as typed or scanned; spaces, dashes, full-width characters and a small x are accepted.
        today: the city's date; nobody is born after it.

    Raises:
        CityError: ``identifier.id.shape``, ``identifier.id.birth``, ``identifier.id.check``; no digit is repeated.
    """
    value = squeeze(text)
    if not _SHAPE.fullmatch(value):
        raise CityError("identifier.id.shape", length=min(len(value), 99))
    try:
        birth = date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        raise CityError("identifier.id.birth") from None
    if not _EARLIEST <= birth <= today:
        raise CityError("identifier.id.birth")
    if check_character(value[:17]) != value[17]:
        raise CityError("identifier.id.check")
    return IdNumber(value, birth, Sex.MALE if int(value[16]) % 2 else Sex.FEMALE)
