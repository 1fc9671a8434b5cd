"""What each web process counts: requests, commands, open streams.

Several processes serve one address, and a scrape reaches one of them. So each keeps its numbers in files of its own under
``GUANGYUE_HOME/run/metrics`` (`prometheus_client`'s multi-process mode, which must be chosen before the library is
imported), and whoever is asked adds them up. Files of processes that have ended stay, or counters would run backwards;
they go when a whole installation starts anew. A label is a route's name, never an address: addresses name matters.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

FOLDER: Path = settings.GUANGYUE_METRICS
_OWNER = re.compile(r"_(\d+)\.db$")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def tidy(*, beginning: bool = False) -> None:
    """Drop what dead processes left: their open streams always, their counts where nobody lives any more."""
    owners = {file: int(said[1]) for file in FOLDER.glob("*.db") if (said := _OWNER.search(file.name))}
    dead = {file for file, pid in owners.items() if not _lives(pid)}
    everything = beginning and len(dead) == len(owners)
    for file in dead:
        if everything or file.name.startswith("gauge_live"):
            file.unlink(missing_ok=True)


FOLDER.mkdir(parents=True, exist_ok=True)
tidy(beginning=True)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(FOLDER)

from prometheus_client import Counter, Gauge, Histogram, values  # noqa: E402 - after the mode was chosen

# Explicitly: somebody may have imported the library before us, and it chooses at import.
values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]  # the library's

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    from guangyue.kernel import Refusal
    from guangyue.records.commands import Done

__all__ = ["FOLDER", "STREAMS", "Counted", "acted", "tidy"]

REQUESTS = Counter("guangyue_requests", "Requests answered.", ("route", "method", "status"))
SECONDS = Histogram(
    "guangyue_request_seconds", "From the request to its answer, streams up to their beginning.", ("route",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10), unit="seconds",
)  # fmt: skip
COMMANDS = Counter("guangyue_commands", "Commands of people and programs, by what became of them.", ("outcome",))
STREAMS = Gauge("guangyue_stream_clients", "Event streams held open.", multiprocess_mode="livesum")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def acted(answer: Done | Refusal) -> None:
    """Count a command that was answered."""
    from guangyue.kernel import Refusal

    outcome = "refused" if isinstance(answer, Refusal) else "replayed" if answer.replayed else "done"
    COMMANDS.labels(outcome).inc()


class Counted:
    """Middleware, outermost: counts each request under its route, and how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        began = time.perf_counter()
        status = 500
        try:
            answer = self._next(request)
            status = answer.status_code
        finally:
            found = request.resolver_match
            route = (found.view_name or "unnamed") if found is not None else "none"
            method = request.method if request.method in _METHODS else "other"
            REQUESTS.labels(route, method, str(status)).inc()
            SECONDS.labels(route).observe(time.perf_counter() - began)
        return answer
