"""What a bench module says and how it is shown.

A bench module (any ``bench/<family>_*.py`` or ``bench/<family>.py``) has ``BENCHES``: a tuple of :class:`Bench`.
Each measures one id or a family of ids from :mod:`bench.bars` and yields rows made by :func:`row`. A measurement whose
data or peer cannot be had yields :func:`missing`, which is shown and counts as not reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from bench.bars import BARS


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of ``build/bench.json``."""

    id: str
    what: str
    value: float | None
    unit: str
    bar: float | None
    better: str
    peer: str | None = None
    peer_value: float | None = None
    ratio: float | None = None
    ok: bool
    how: str

    def as_json(self) -> dict[str, Any]:
        """The row as plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Bench:
    """A measurement: the ids it yields and the function that makes them."""

    ids: tuple[str, ...]
    measure: Callable[[], Iterable[Row]]


def row(
    id: str,  # noqa: A002 - the field's name in bench.json
    value: float,
    how: str,
    *,
    peer: str | None = None,
    peer_value: float | None = None,
    ratio: float | None = None,
    need_ratio: float | None = None,
    ok: bool = True,
) -> Row:
    """A measured figure beside its bar.

    ``ratio`` says how many times better than the peer (above 1 is better for us, whatever the unit); it is derived
    where both values are given. ``need_ratio`` is the ratio the bar asks for. ``ok=False`` marks a failed equality
    check or a missed condition that the bar alone does not show.
    """
    bar = BARS[id]
    if ratio is None and peer_value not in (None, 0) and value:
        ratio = value / peer_value if bar.better == "higher" else peer_value / value  # type: ignore[operator]
    reached = bar.bar is None or (value >= bar.bar if bar.better == "higher" else value <= bar.bar)
    if need_ratio is not None:
        reached = reached and ratio is not None and ratio >= need_ratio
    return Row(
        id=id, what=bar.what, value=value, unit=bar.unit, bar=bar.bar, better=bar.better,
        peer=peer, peer_value=peer_value, ratio=ratio, ok=ok and reached, how=how,
    )  # fmt: skip


def missing(id: str, why: str) -> Row:  # noqa: A002 - the field's name in bench.json
    """A figure that could not be measured here, and why."""
    bar = BARS[id]
    return Row(id=id, what=bar.what, value=None, unit=bar.unit, bar=bar.bar, better=bar.better, ok=False, how=why)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def as_table(rows: Iterable[Row]) -> str:
    """The rows as one aligned text table."""
    head = ("id", "value", "unit", "bar", "peer", "peer value", "ratio", "ok")
    lines = [head]
    for r in rows:
        sign = "" if r.bar is None else ("≥ " if r.better == "higher" else "≤ ")
        lines.append((
            r.id, _number(r.value), r.unit, sign + _number(r.bar), r.peer or "–", _number(r.peer_value),
            "–" if r.ratio is None else f"{r.ratio:,.2f}×", "yes" if r.ok else "NO",
        ))  # fmt: skip
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    text.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(text)
