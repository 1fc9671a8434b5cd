"""How fast one caller may ask: a bucket that fills by the second (限流).

``GUANGYUE_API_RATE`` requests a second of one account, or of one address that nobody signed in from, and ten times as many
at once; each web worker counts for itself. It stops a program that runs away, not a flood: that is the load balancer's.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["AT_ONCE", "PACE", "Pace"]

AT_ONCE = 10
"""Seconds' worth of requests that may come in one burst."""


@dataclass
class Pace:
    """Buckets by caller; the callers who have been silent longest are forgotten first.

    Attributes:
        rate: requests a second. most: callers remembered. clock: seconds that only go on.
    """

    rate: float
    most: int = 20_000
    clock: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, caller: str) -> float:
        """Takes one request out of the caller's bucket; the seconds to wait where it is empty, 0 where it was not."""
        now, whole = self.clock(), self.rate * AT_ONCE
        with self._lock:
            left, at = self._buckets.pop(caller, (whole, now))
            left = min(whole, left + (now - at) * self.rate)
            waits = 0.0 if left >= 1 else (1 - left) / self.rate
            self._buckets[caller] = (left if waits else left - 1, now)
            if len(self._buckets) > self.most:
                self._buckets.popitem(last=False)
        return waits


PACE = Pace(float(os.environ.get("GUANGYUE_API_RATE", "200")))
