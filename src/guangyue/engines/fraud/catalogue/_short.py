"""A short hand for declarations, so that a feature stays one readable paragraph."""

from __future__ import annotations

from typing import Any

from guangyue.engines.fraud.features import Agg, Feature, Step
from guangyue.engines.fraud.where import span

__all__ = ["feature", "sequence"]


def feature(name: str, fed_by: str, agg: str, window: str, zh: str, en: str, **more: Any) -> Feature:  # noqa: ANN401
    """A feature; ``fed_by`` is ``source.slot``, ``agg`` is the aggregate with its column: ``sum amount``."""
    source, slot = fed_by.split(".")
    kind, _, column = agg.partition(" ")
    spans: Any = {name: span(more.pop(name)) for name in ("part", "delay") if name in more}
    return Feature(
        name=name, slot=slot, source=source, agg=Agg(kind), column=column, window=span(window), zh=zh, en=en,
        **spans, **more,
    )  # fmt: skip


def sequence(name: str, slot: str, window: str, steps: tuple[tuple[str, str], ...], zh: str, en: str) -> Feature:
    """A sequence of (source, condition) steps; its value is how many of them happened in this order."""
    listed = tuple(Step(source, where) for source, where in steps)
    return Feature(
        name=name,
        slot=slot,
        source=listed[-1].source,
        agg=Agg.SEQUENCE,
        window=span(window),
        steps=listed,
        zh=zh,
        en=en,
    )
