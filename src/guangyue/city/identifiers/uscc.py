"""Unified social credit code of organisations (统一社会信用代码, GB 32100-2015)."""

from __future__ import annotations

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from guangyue.city.errors import CityError
from guangyue.city.identifiers.text import squeeze

__all__ = ["parse_uscc"]


def parse_uscc(text: str) -> str:
    """The code in normal form.

    Raises:
        CityError: ``identifier.uscc``: length, alphabet or a check character is wrong.
    """
    try:
        return str(uscc.validate(squeeze(text)))
    except ValidationError:
        raise CityError("identifier.uscc", given=squeeze(text)[:18]) from None
