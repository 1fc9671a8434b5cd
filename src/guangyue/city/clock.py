"""Real time, for signing in and out; one name that tests can replace.

Matters live on `city_now()`, which a simulation may shift or speed up. Sessions, lockouts and tokens protect a real
door and always follow the real clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["now"]


def now() -> datetime:
    """The real time, aware, in UTC."""
    return timezone.now()
