"""Whose car it is, for the links alone: no page of any agency asks here (机动车所有人).

Urban management reminds an owner it never learns of: the plate goes in, a message goes out, and the reading stands in
the access log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.links.models import Vehicle

if TYPE_CHECKING:
    from guangyue.city.models import Person

__all__ = ["owner_of"]


def owner_of(plate: str) -> Person | None:
    """The registered owner of a plate, however it is written; the newest registration where there are several."""
    found = Vehicle.objects.select_related("owner").filter(plate=plate).order_by("-pk").first()
    return found.owner if found else None
