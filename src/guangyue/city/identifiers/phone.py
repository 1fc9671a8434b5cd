"""Telephone numbers, read with Google's numbering plans and kept as E.164 (电话号码)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from typing_extensions import override

from guangyue.city.errors import CityError
from guangyue.city.identifiers.text import MAX_TYPED

__all__ = ["Phone", "PhoneKind", "parse_phone"]


class PhoneKind(StrEnum):
    """Whether a number can get a short message."""

    MOBILE = "mobile"
    FIXED = "fixed"
    OTHER = "other"


@dataclass(frozen=True, slots=True, repr=False)
class Phone:
    """A valid number; `repr` shows no digit of it.

    Attributes:
        value: E.164, e.g. ``+8613800000000``.
        kind: mobile, fixed or other.
        domestic: whether it belongs to the mainland's numbering plan.
    """

    value: str
    kind: PhoneKind
    domestic: bool

    @override
    def __repr__(self) -> str:
        return f"Phone({self.kind}…)"


def parse_phone(text: str, *, region: str = "CN") -> Phone:
    """Read a telephone number.

    Args:
        text: as typed; foreign numbers need their ``+`` and country code.
        region: the country assumed without ``+``.

    Raises:
        CityError: ``identifier.phone.shape``; the message repeats no digit.
    """
    try:
        if len(text) > MAX_TYPED:
            raise CityError("identifier.phone.shape")
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise CityError("identifier.phone.shape") from None
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise CityError("identifier.phone.shape")
    match phonenumbers.number_type(number):
        case PhoneNumberType.MOBILE | PhoneNumberType.FIXED_LINE_OR_MOBILE:
            kind = PhoneKind.MOBILE
        case PhoneNumberType.FIXED_LINE:
            kind = PhoneKind.FIXED
        case _:
            kind = PhoneKind.OTHER
    domestic = phonenumbers.region_code_for_number(number) == "CN"
    return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), kind, domestic)
