"""Who sends, and what is no good answer: 5xx, a stack trace, no end in sight."""

from __future__ import annotations

import contextlib
import gc
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import structlog
from bench.web_fuzz import PROGRESS
from django.core.signals import got_request_exception
from django.test import Client

__all__ = ["Judge", "Sent"]

LONGEST = 60.0
"""Seconds of clock after which a request counts as hanging and is broken off."""
SLOW = 10.0
"""Seconds of processor time that no single request may take."""
TRACES = (b"Traceback (most recent call last)", b'File "/', b"psycopg.", b"django.db.utils", b"site-packages")
KEPT = 200
MISSING_READER = 501
"""Plate reading answers 501 where its parts are not installed: said in so many words, and no fault."""


class HangError(BaseException):
    """Not an Exception: nothing on the way may swallow it."""


@dataclass(slots=True)
class Sent:
    """A request that was not answered well."""

    part: str
    request: str
    wrong: str
    where: str

    def as_json(self) -> dict[str, str]:
        return {"part": self.part, "request": self.request, "wrong": self.wrong, "where": self.where}


@dataclass
class Judge:
    """Sends requests, looks at every answer, and keeps what is wrong, once for each place in our code."""

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    bad: dict[str, Sent] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    _fault: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        got_request_exception.connect(self._raised, weak=False)
        structlog.configure(processors=[self._logged])

    def _raised(self, **_: Any) -> None:
        self._fault.append(traceback.format_exc())

    def _logged(self, _logger: Any, _name: str, event: dict[str, Any]) -> str:
        if (why := event.get("exc_info")) not in (None, False):
            lines = traceback.format_exception(why) if isinstance(why, BaseException) else [traceback.format_exc()]
            self._fault.append("".join(lines))
        return ""

    def send(self, part: str, client: Client, method: str, path: str, body: Any = b"", **more: Any) -> Any:
        """One request of Django's client; the answer, or nothing where it hung."""
        told = f"{method} {path} {more} {body if isinstance(body, bytes) else repr(body)}"
        with self.watched(part, told):
            answer = client.generic(method, path, body, **more)
            self.answered(part, told, answer.status_code, _content(answer))
            return answer
        return None

    @contextlib.contextmanager
    def watched(self, part: str, told: str) -> Iterator[None]:
        """A request under the clock."""
        self._fault.clear()
        self.requests += 1
        self.parts[part] += 1
        gc.disable()  # the fuzzer's own heap takes seconds to go through, which are no request's
        began = time.process_time()
        signal.signal(signal.SIGALRM, _hang)
        signal.setitimer(signal.ITIMER_REAL, LONGEST)
        try:
            yield
        except HangError:
            self.blame(part, told, f"no answer in {LONGEST:.0f} s", traceback.format_exc())
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            took = time.process_time() - began
            gc.enable()
        self.slowest = max(self.slowest, (took, told[:KEPT]))
        if took > SLOW:
            self.blame(part, told, f"{took:.1f} s of processor time", "")

    def answered(self, part: str, told: str, status: int, content: bytes) -> None:
        """Looks at an answer."""
        self.statuses[status] += 1
        if status >= 500 and status != MISSING_READER:
            self.blame(part, told, f"status {status}", self._fault[-1] if self._fault else "")
        for trace in TRACES:
            if trace in content:
                self.blame(part, told, f"the answer tells {trace.decode()!r}", "")

    def blame(self, part: str, told: str, wrong: str, trace: str) -> None:
        """Keeps the first request for each kind of fault; counts the others."""
        lines = [line.strip() for line in trace.splitlines()]
        ours = [line for line in lines if line.startswith("File") and "/guangyue/" in line and "fuzz" not in line]
        key = " | ".join([part if not trace else "", wrong[:120], *(ours[-1:]), *(lines[-1:])])
        self.times[key] += 1
        if key not in self.bad:
            sys.stderr.write(f"{PROGRESS}FAULT at request {self.requests:,}: {key[:300]}\n")
        self.bad.setdefault(key, Sent(part, told[:2000], wrong, trace[-3000:]))

    def report(self) -> dict[str, Any]:
        """Numerator, denominator, and each kind of fault."""
        return {
            "requests": self.requests,
            "bad": sum(self.times.values()),
            "parts": dict(self.parts),
            "statuses": {str(k): v for k, v in sorted(self.statuses.items())},
            "slowest_cpu_s": round(self.slowest[0], 3),
            "slowest": self.slowest[1],
            "faults": [{**sent.as_json(), "times": self.times[key]} for key, sent in self.bad.items()],
        }


def _hang(*_: Any) -> None:
    raise HangError


def _content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
