"""Number plates of motor vehicles (机动车号牌, GA 36), including new-energy plates.

A plate reading is a suggestion from a camera or an officer's typing; this module says whether it can exist at all and
which kind it is. Plates of the army and the armed police follow other standards and are refused by name, because they
take another procedure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from typing_extensions import override

from guangyue.city.errors import CityError
from guangyue.city.identifiers.text import squeeze

__all__ = ["PROVINCES", "Plate", "PlateKind", "parse_plate"]

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
"""The one-character names of the 31 provinces that issue plates."""

_HEAD = f"[{PROVINCES}][A-HJ-Z]"
_SERIAL = "[0-9A-HJ-NP-Z]"
_FEW_LETTERS = 2


class PlateKind(StrEnum):
    """Kinds of plate (号牌种类)."""

    ORDINARY = "ordinary"
    """普通号牌: five characters after the office letter, at most two of them letters."""
    NEW_ENERGY_SMALL = "new-energy-small"
    """小型新能源: a class letter, a letter or digit, four digits."""
    NEW_ENERGY_LARGE = "new-energy-large"
    """大型新能源: five digits, a class letter."""
    TRAILER = "trailer"
    """挂车."""
    LEARNER = "learner"
    """教练车."""
    POLICE = "police"
    """警用."""
    BORDER = "border"
    """港澳入出境."""
    CONSULATE = "consulate"
    """领馆."""
    EMBASSY = "embassy"
    """使馆."""
    RESCUE = "rescue"
    """应急救援."""


_SHAPES: tuple[tuple[PlateKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(shape))
    for kind, shape in (
        (PlateKind.NEW_ENERGY_SMALL, f"{_HEAD}[A-HJK]{_SERIAL}[0-9]{{4}}"),
        (PlateKind.NEW_ENERGY_LARGE, f"{_HEAD}[0-9]{{5}}[A-HJK]"),
        (PlateKind.TRAILER, f"{_HEAD}{_SERIAL}{{4}}挂"),
        (PlateKind.LEARNER, f"{_HEAD}{_SERIAL}{{4}}学"),
        (PlateKind.POLICE, f"{_HEAD}{_SERIAL}{{4}}警"),
        (PlateKind.BORDER, f"粤Z{_SERIAL}{{4}}[港澳]"),
        (PlateKind.CONSULATE, f"[{PROVINCES}][A-HJ-Z]?[0-9]{{4,5}}领"),
        (PlateKind.EMBASSY, "使[0-9]{6}|[0-9]{6}使"),
        (PlateKind.RESCUE, f"[{PROVINCES}][XS][0-9]{{4}}应急"),
        (PlateKind.ORDINARY, f"{_HEAD}{_SERIAL}{{5}}"),
    )
)
_MILITARY = re.compile(r"(WJ|[VKHBSLJNGCZ][A-Z][0-9A-Z]{5}$)")
_PURE_ELECTRIC = frozenset("DABCE")


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate in normal form: no separators, half-width capitals (``鲁P12345``)."""

    value: str
    kind: PlateKind

    @property
    def spaced(self) -> str:
        """As painted: the dot after the office letter (``鲁P·12345``)."""
        return f"{self.value[:2]}·{self.value[2:]}" if self.value[0] in PROVINCES else self.value

    @property
    def battery_only(self) -> bool | None:
        """Whether a new-energy vehicle runs on batteries only; None for other kinds."""
        match self.kind:
            case PlateKind.NEW_ENERGY_SMALL:
                return self.value[2] in _PURE_ELECTRIC
            case PlateKind.NEW_ENERGY_LARGE:
                return self.value[-1] in _PURE_ELECTRIC
            case _:
                return None

    @override
    def __str__(self) -> str:
        return self.spaced


def parse_plate(text: str) -> Plate:
    """Read a plate.

    Raises:
        CityError: ``identifier.plate.military`` for plates of other standards, ``identifier.plate.letters`` for I, O or
            more than two letters in an ordinary serial, ``identifier.plate.shape`` for anything else.
    """
    value = squeeze(text)
    for kind, shape in _SHAPES:
        if shape.fullmatch(value):
            if kind is PlateKind.ORDINARY and sum(c.isalpha() for c in value[2:]) > _FEW_LETTERS:
                raise CityError("identifier.plate.letters", given=value)
            return Plate(value, kind)
    if _MILITARY.match(value):
        raise CityError("identifier.plate.military", given=value[:10])
    if value[:1] in PROVINCES and re.search("[IO]", value[2:]):
        raise CityError("identifier.plate.letters", given=value[:10])
    raise CityError("identifier.plate.shape", given=value[:10])
