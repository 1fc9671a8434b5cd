"""The limits of a session, as data and one pure function (会话规则; `docs/city.md` says where each comes from)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

__all__ = ["CITIZEN", "COUNTER", "KIOSK", "STAFF", "Limits", "SessionEnd", "end_of"]


class SessionEnd(StrEnum):
    """Why a session is over."""

    IDLE = "idle"
    TOO_LONG = "too-long"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lives without a request, and in all."""

    idle: timedelta
    whole: timedelta


STAFF = Limits(idle=timedelta(minutes=15), whole=timedelta(hours=12))
COUNTER = Limits(idle=timedelta(minutes=5), whole=timedelta(hours=12))
"""Staff at a screen that the public can reach (窗口)."""
KIOSK = Limits(idle=timedelta(minutes=5), whole=timedelta(hours=12))
CITIZEN = Limits(idle=timedelta(minutes=30), whole=timedelta(hours=12))


def end_of(
    limits: Limits, *, started_at: datetime, seen_at: datetime, live_until: datetime | None, now: datetime
) -> SessionEnd | None:
    """Why a session is over now, or None while it lives.

    A live call holds it open: nobody is signed out in the middle of talking somebody down from a bridge. `live_until`
    is moved on by the call's heartbeat and lapses by itself when the heartbeat stops.
    """
    if live_until is not None and now < live_until:
        return None
    if now - started_at >= limits.whole:
        return SessionEnd.TOO_LONG
    if now - seen_at >= limits.idle:
        return SessionEnd.IDLE
    return None
