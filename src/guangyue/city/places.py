"""Where something is: the blocks of a point, the nearest address, an address by its text (地点查询)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import h3
import shapely
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import transaction
from django.db.models import Case, Q, When

from guangyue.city.geo.cover import POINT, area_m2, cells_around, contains, cover, point_cell
from guangyue.city.geo.position import Position, distance_m
from guangyue.city.models import Address, Block, BlockCell, Place

if TYPE_CHECKING:
    from shapely.geometry import MultiPolygon, Polygon

__all__ = ["Near", "add_block", "addresses_like", "blocks_at", "locate", "nearest_address", "plain_address"]

_CELL_M = 17.0
"""Lower bound of the distance between neighbouring hexagons' centres at the resolution of points."""
_FARTHEST_RING = 60


@dataclass(frozen=True, slots=True)
class Near:
    """An address and how far it is, in metres."""

    address: Address
    metres: float


@transaction.atomic
def add_block(layer: str, code: str, name_zh: str, area: Polygon | MultiPolygon, *, name_en: str = "") -> Block:
    """Add a block or replace the boundary of the one with this layer and code."""
    block, _ = Block.objects.update_or_create(
        layer=layer,
        code=code,
        defaults={
            "name_zh": name_zh,
            "name_en": name_en,
            "boundary": shapely.to_wkb(area),
            "area_m2": area_m2(area),
        },
    )
    block.cells.all().delete()
    covered = cover(area)
    rows = [BlockCell(block=block, cell=c, whole=True) for c in covered.whole]
    rows += [BlockCell(block=block, cell=c, whole=False) for c in covered.border]
    BlockCell.objects.bulk_create(rows, batch_size=5000)
    return block


def blocks_at(position: Position, *, layer: str | None = None) -> list[Block]:
    """The blocks a position lies in, the smallest first."""
    cells = BlockCell.objects.filter(cell__in=cells_around(position))
    if layer is not None:
        cells = cells.filter(block__layer=layer)
    whole = dict(cells.values_list("block_id", "whole").order_by("whole"))
    blocks = Block.objects.filter(pk__in=whole).order_by("area_m2", "pk")
    return [b for b in blocks if whole[b.pk] or contains(shapely.from_wkb(bytes(b.boundary)), position)]


def nearest_address(position: Position, *, within_m: float = 200.0) -> Near | None:
    """The nearest standard address, exactly: rings of hexagons until nothing nearer can come."""
    centre = h3.latlng_to_cell(position.lat, position.lon, POINT)
    best: Near | None = None
    ring, step = 0, 2
    while ring <= _FARTHEST_RING:
        cells = [h3.str_to_int(c) for k in range(ring, ring + step) for c in h3.grid_ring(centre, k)]
        for address in Address.objects.filter(cell__in=cells):
            metres = distance_m(position, address.position)
            if metres <= within_m and (best is None or metres < best.metres):
                best = Near(address, metres)
        ring += step
        # What lies beyond the rings seen so far is at least this far away.
        beyond = (ring - 1) * _CELL_M
        if beyond > within_m or (best is not None and best.metres <= beyond):
            return best
        step = min(step * 2, 16)
    return best


def addresses_like(text: str, *, limit: int = 10) -> list[Address]:
    """Standard addresses that resemble what somebody typed or said, the likest first.

    An address that holds every word comes before one that merely resembles them (trigrams).
    """
    wanted = plain_address(text)
    if not wanted:
        return []
    holds = Q()
    for part in text.split():
        holds &= Q(plain__contains=plain_address(part))
    rows = Address.objects.filter(holds | Q(plain__trigram_word_similar=wanted)).annotate(
        misses=Case(When(holds, then=0), default=1), likeness=TrigramWordSimilarity(wanted, "plain")
    )
    return list(rows.order_by("misses", "-likeness", "plain")[:limit])


def locate(place: Address | Place, position: Position) -> None:
    """Put an address or a place at a position (unsaved)."""
    place.lat, place.lon, place.cell = position.lat, position.lon, point_cell(position)


def plain_address(text: str) -> str:
    """An address as it is compared: half-width, no blanks, capitals."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
