"""What a program sends: the envelope of an act. Its answers are judged by the kernel, all at once, not here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, JsonValue, StringConstraints

from guangyue.kernel.grammar.values import YEARS
from guangyue.web.doing import Asked, Shown

__all__ = ["IDENT", "Act", "Moment", "PieceIn", "Where"]


def _in_our_time(at: datetime) -> datetime:
    if at.year not in YEARS:
        raise ValueError(f"the year is not between {YEARS[0]} and {YEARS[-1]}")
    return at


Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]
IDENT = r"^[0-9A-Za-z._:-]{1,60}$"
Ident = Annotated[str, StringConstraints(pattern=IDENT)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
"""A moment with its zone; the clock of a phone may be off, but not by centuries."""
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
MANY = 100


class Where(Schema):
    """A place: WGS-84 degrees."""

    lon: Lon
    lat: Lat
    accuracy_m: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None


class PieceIn(Schema):
    """A photograph or recording; its bytes were uploaded to ``/evidence/uploads/`` before."""

    model_config = ConfigDict(extra="forbid")

    set: Name
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    taken_at: Moment | None = None
    until: Moment | None = None
    panorama: bool = False
    plate_legible: bool = False
    located: bool | None = None
    lon: Lon | None = None
    lat: Lat | None = None

    def shown(self) -> Shown:
        """The same for the product."""
        position = (self.lon, self.lat) if self.lon is not None and self.lat is not None else None
        return Shown(
            set=self.set, sha256=self.sha256, taken_at=self.taken_at, until=self.until, panorama=self.panorama,
            plate_legible=self.plate_legible, located=self.located, position=position,
        )  # fmt: skip


class Act(Schema):
    """An act (办理请求)."""

    model_config = ConfigDict(extra="forbid")

    procedure: Name | None = None
    action: Name | None = None
    values: Annotated[dict[Name, JsonValue], Field(max_length=MANY)] = Field(default_factory=dict)
    evidence: Annotated[list[PieceIn], Field(max_length=MANY)] = Field(default_factory=list)
    observed_at: Moment | None = None
    received_at: Moment | None = None
    position: Where | None = None
    checks: Annotated[list[Name], Field(max_length=MANY)] = Field(default_factory=list)
    present: Annotated[list[Name], Field(max_length=MANY)] = Field(default_factory=list)
    officers: Annotated[list[Ident], Field(max_length=MANY)] = Field(default_factory=list)
    assign: Annotated[dict[Name, list[Ident]], Field(max_length=MANY)] = Field(default_factory=dict)
    items: Annotated[dict[Name, list[dict[Name, JsonValue]]], Field(max_length=MANY)] = Field(default_factory=dict)
    related: Annotated[dict[Name, list[Ident]], Field(max_length=MANY)] = Field(default_factory=dict)
    task: tuple[Name, Annotated[int, Field(ge=0, le=9999)], Annotated[int, Field(ge=0, le=9999)]] | None = None

    def asked(self, *, act: str, key: str, procedure: str = "", matter: str = "") -> Asked:
        """The same for the product. ``received_at`` is the device's word; the server's clock decides."""
        items: dict[str, tuple[dict[str, Any], ...]] = {k: tuple(dict(i) for i in v) for k, v in self.items.items()}
        return Asked(
            act=act, procedure=procedure, matter=matter, key=key, values=dict(self.values),
            evidence=[p.shown() for p in self.evidence], observed_at=self.observed_at,
            position=(self.position.lon, self.position.lat) if self.position else None,
            checks=frozenset(self.checks), present=frozenset(self.present), officers=tuple(self.officers),
            assign={k: tuple(v) for k, v in self.assign.items()}, items=items,
            related={k: tuple(v) for k, v in self.related.items()}, task=self.task,
        )  # fmt: skip
