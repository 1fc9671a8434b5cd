"""What this desk declares, by code: for its own papers, which are laid out from the declarations."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from guangyue.desks.streets import procedures
from guangyue.kernel import Procedure

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["declared"]


@cache
def declared() -> Mapping[str, Procedure]:
    """Every procedure of the street desk."""
    found: dict[str, Procedure] = {}
    for module in pkgutil.iter_modules(procedures.__path__):
        values = vars(importlib.import_module(f"{procedures.__name__}.{module.name}")).values()
        found |= {p.code: p for p in values if isinstance(p, Procedure)}
    return found
