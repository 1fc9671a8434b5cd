"""What photographs and recordings an act must bring (取证规范)."""

from __future__ import annotations

from dataclasses import dataclass

from guangyue.kernel.grammar.base import Element
from guangyue.law import Span, Text


@dataclass(frozen=True, slots=True)
class PhotoSet(Element):
    """An evidence profile (取证规范): what a set of photographs must show.

    Attributes:
        code: stable; each item the command brings names the set it belongs to.
        title: what the officer reads.
        at_least: how many photographs.
        panoramas: how many of them show the surroundings with a landmark.
        legible_plate: at least one has a plate that was read and confirmed.
        located: every one carries its position.
        timed: every one carries the time of its capture; not asked of papers that somebody hands in.
        apart: the least time between the first and the last photograph, earlier sets of ``together_with`` included.
        together_with: the codes of earlier sets counted into ``apart``.
    """

    code: str
    title: Text
    at_least: int = 1
    panoramas: int = 0
    legible_plate: bool = False
    located: bool = True
    timed: bool = True
    apart: Span | None = None
    together_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recording(Element):
    """A sound or video recording that covers the whole act (全过程记录), in one piece or many.

    Attributes:
        code: stable; pieces of earlier acts under the same code belong to it.
        title: what the officer reads.
        without_gap: the longest gap allowed between two pieces.
        since: the state from whose beginning until the act it must cover everything.
        required: false where pieces may come in bit by bit; the act that ends it asks for the whole.
    """

    code: str
    title: Text
    without_gap: Span | None = None
    since: str = ""
    required: bool = True
