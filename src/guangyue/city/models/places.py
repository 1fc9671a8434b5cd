"""Places, blocks and addresses on the map (地点、区块、地址)."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from typing_extensions import override

from guangyue.city.geo.position import Position
from guangyue.city.models.agencies import Unit

__all__ = ["Address", "Block", "BlockCell", "Place"]


class Block(models.Model):
    """An area with a boundary: a county, a community, a beat, a grid square (区块).

    Attributes:
        layer: which partition of the city it belongs to (``county``, ``community``, ``beat``…); blocks of one layer do
            not overlap by intent, and where they do the smaller one is named first.
        boundary: WGS-84 polygon as WKB.
        area_m2: its size on the ground.
        unit: who answers for it.
    """

    layer = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="blocks")
    boundary = models.BinaryField()
    area_m2 = models.FloatField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["layer", "code"], name="city_block_code"),)

    @override
    def __str__(self) -> str:
        return self.name_zh


class BlockCell(models.Model):
    """A hexagon of a block's cover (H3).

    Attributes:
        whole: the hexagon lies inside the boundary, so no polygon needs to be read.
    """

    block = models.ForeignKey(Block, on_delete=models.CASCADE, related_name="cells")
    cell = models.BigIntegerField()
    whole = models.BooleanField()

    class Meta:
        indexes = (models.Index(fields=["cell"], include=["block", "whole"], name="city_blockcell_cell"),)
        constraints = (models.UniqueConstraint(fields=["block", "cell"], name="city_blockcell_once"),)

    @override
    def __str__(self) -> str:
        return f"{self.cell:x}"


class Located(models.Model):
    """Something at a point: WGS-84 degrees and its hexagon."""

    lat = models.FloatField()
    lon = models.FloatField()
    cell = models.BigIntegerField(db_index=True)

    class Meta:
        abstract = True

    @property
    def position(self) -> Position:
        """Where it is."""
        return Position(self.lat, self.lon)


class Address(Located):
    """A standard address (标准地址).

    Attributes:
        text: as the city writes it.
        plain: without blanks, half-width: what is compared and searched by trigrams.
    """

    code = models.CharField(max_length=40, unique=True)
    text = models.CharField(max_length=200)
    plain = models.CharField(max_length=200)

    class Meta:
        indexes = (GinIndex(fields=["plain"], opclasses=["gin_trgm_ops"], name="city_address_plain"),)

    @override
    def __str__(self) -> str:
        return self.text


class Place(Located):
    """A place with a name of its own: a school, a market, a hall, a camera post (地点)."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=200, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="places")

    class Meta:
        indexes = (models.Index(fields=["kind"], name="city_place_kind"),)

    @override
    def __str__(self) -> str:
        return self.name_zh
