"""Why somebody reads a personal value in plain text; written down before the value is shown (查阅目的)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guangyue.city.errors import CityError

if TYPE_CHECKING:
    from guangyue.city.personal.kinds import Kind

__all__ = ["Purpose", "Read", "ReadSink", "record", "record_reads_with"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """Who reads, and what for.

    Attributes:
        reader: the account or system part that reads (``account:17``, ``outbox:sms``).
        reason: why, in words or as a stable code of the calling page.
        basis: the power it rests on, e.g. an article (个保法 34: only within powers and as far as needed).
        matter: the number of the matter it serves, where there is one.

    Raises:
        CityError: ``personal.purpose.empty``: nobody reads for no reason.
    """

    reader: str
    reason: str
    basis: str = ""
    matter: str = ""

    def __post_init__(self) -> None:
        if not (self.reader.strip() and self.reason.strip()):
            raise CityError("personal.purpose.empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One reading of one value, for the access log.

    Attributes:
        purpose: who and what for.
        label: the model's field (``city.person.phone``).
        owner: the primary key of the row, as text; empty when the value stands alone.
        kind: the kind of value.
    """

    purpose: Purpose
    label: str
    owner: str
    kind: Kind


ReadSink = Callable[[Read], None]

_sinks: list[ReadSink] = []


def record_reads_with(sink: ReadSink | None) -> ReadSink | None:
    """Name the access log; called once when the records start. Returns what was there, for tests to put back."""
    before = _sinks[0] if _sinks else None
    _sinks[:] = [] if sink is None else [sink]
    return before


def record(read: Read) -> None:
    """Write a reading down.

    Raises:
        CityError: ``personal.no_log``: there is no access log, so nothing is read (fail closed).
    """
    if not _sinks:
        raise CityError("personal.no_log")
    _sinks[0](read)
