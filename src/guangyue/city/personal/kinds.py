"""Kinds of personal data: how each is normalised for search and masked for the screen (脱敏)."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from guangyue.city.errors import CityError
from guangyue.city.identifiers.phone import parse_phone
from guangyue.city.identifiers.text import squeeze

__all__ = ["ERASED", "Kind", "mask", "normalise"]

ERASED = "—"
"""What stands where an erased value stood."""

_STAR = "*"
_HIDDEN = _STAR * 4
_STREET = re.compile(r".*?(?:大道|大街|路|街|巷|镇|乡|村|社区|小区)")
_BLANK = re.compile(r"\s+")
_DOTS = re.compile("[•・‧∙.]")
_UNKNOWN_STREET_KEEPS = 6
_FOLDS = 4


class Kind(StrEnum):
    """What a personal value is."""

    NAME = "name"
    ID_NUMBER = "id-number"
    PHONE = "phone"
    ADDRESS = "address"
    PLATE = "plate"
    BANK_CARD = "bank-card"
    EMAIL = "email"
    NOTE = "note"


def normalise(kind: Kind, text: str) -> str:
    """One form for all ways of writing the same value, so that equal values hash equally."""
    form = text
    # Folding can make new pairs that compose, so it is repeated until nothing changes (Unicode's own advice).
    for _ in range(_FOLDS):
        before, form = form, _folded(kind, form)
        if form == before:
            break
    return form


def _folded(kind: Kind, text: str) -> str:
    match kind:
        case Kind.PHONE:
            try:
                return parse_phone(text).value
            except CityError:
                return squeeze(text)
        case Kind.ID_NUMBER | Kind.PLATE | Kind.BANK_CARD:
            return squeeze(text)
        case Kind.EMAIL:
            return unicodedata.normalize("NFKC", text).strip().casefold()
        case Kind.NAME:
            return _BLANK.sub(" ", _DOTS.sub("·", unicodedata.normalize("NFKC", text))).strip().casefold()
        case Kind.ADDRESS | Kind.NOTE:
            return _BLANK.sub("", unicodedata.normalize("NFKC", text)).casefold()


def mask(kind: Kind, text: str) -> str:
    """The value as a screen may show it: enough to recognise what one knows, too little to learn what one does not."""
    text = text.strip()
    match kind:
        case Kind.NAME:
            shown = text[:1] + _STAR * max(1, min(len(text) - 1, 3))
        case Kind.ID_NUMBER:
            shown = _ends(squeeze(text), 3, 4, least=6)
        case Kind.PHONE:
            shown = _ends(squeeze(text).removeprefix("+86"), 3, 4, least=4)
        case Kind.PLATE:
            shown = _ends(squeeze(text), 3, 2, least=2)
        case Kind.BANK_CARD:
            shown = _ends(squeeze(text), 0, 4, least=6)
        case Kind.EMAIL:
            name, _, host = text.partition("@")
            shown = f"{name[:1]}***@{host}" if host else _HIDDEN
        case Kind.ADDRESS:
            shown = _street(text) + _HIDDEN
        case _:
            shown = _HIDDEN
    return shown


def _street(address: str) -> str:
    """An address down to its street, or its first half when no street is named or nothing follows it."""
    street = _STREET.match(address)
    if street and len(street.group()) < len(address):
        return street.group()
    return address[: min(_UNKNOWN_STREET_KEEPS, len(address) // 2)]


def _ends(text: str, first: int, last: int, *, least: int) -> str:
    """The ends of a number; where fewer than `least` characters would be hidden, all are."""
    hidden = len(text) - first - last
    if hidden < least:
        return _STAR * max(4, len(text))
    return text[:first] + _STAR * hidden + text[len(text) - last :]
