"""The colour and shape of a state: blue act, green done, grey closed, violet elsewhere, red lapsed."""

from __future__ import annotations

from guangyue.kernel import Matter


def tone(matter: Matter, *, mine: bool = True) -> str:
    """``act``, ``done``, ``closed``, ``elsewhere`` or ``lapsed``."""
    if matter.closed:
        return "closed"
    if matter.passages and matter.passages[-1].by.startswith("lapse:"):
        return "lapsed"
    return "act" if mine else "elsewhere"
