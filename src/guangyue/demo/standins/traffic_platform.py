"""A stand-in for the traffic police's platform (公安交管集成指挥平台的替身).

Takes signed uploads, knows idempotency keys, and misbehaves on order: ``--faults delay,drop,lose,twice,fail`` plays the
list over and over, one fault a request (``ok`` for none).

===== =====
ok    answers as it should
delay answers after two seconds
drop  closes the line before it has read the request: nothing happens
lose  keeps the record and closes the line instead of answering
twice answers two responses to one request
fail  answers 503
===== =====
"""

from __future__ import annotations

import argparse
import itertools
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from guangyue.links.traffic_platform.signing import SignatureError, verify

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

__all__ = ["FAULTS", "Platform", "Server", "main"]

FAULTS = ("ok", "delay", "drop", "lose", "twice", "fail")
DELAY = 2.0
_MOST = 1 << 20


@dataclass
class Platform:
    """What the platform holds.

    Attributes:
        key: the public key of the only sender it knows; without one every signature is taken as it is (a demonstration).
        faults: played one after another.
        records: by the platform's own number.
        seen: requests that reached it, by idempotency key.
    """

    key: Ed25519PublicKey | None = None
    faults: Sequence[str] = ("ok",)
    delay: float = DELAY
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[str, tuple[bytes, str]] = {}
        self._turn = itertools.cycle(self.faults)

    def fault(self) -> str:
        """What to do with the next request."""
        with self._lock:
            return next(self._turn)

    def take(self, key: str, body: bytes, now: float) -> tuple[int, dict[str, Any]]:
        """Keep a record, once a key."""
        with self._lock:
            self.seen[key] = self.seen.get(key, 0) + 1
            if key in self._answers:
                before, number = self._answers[key]
                if before != body:
                    return 422, {"code": "idempotency.other_request", "title": "the key was used for another record"}
                return 200, {"number": number}
            record = json.loads(body)
            plate = record.get("record", {}).get("plate") if isinstance(record, dict) else None
            if not plate:
                return 422, {"code": "record.plate", "title": "a record without a plate"}
            number = f"TP{time.strftime('%Y%m%d', time.gmtime(now))}{len(self.records) + 1:06}"
            self.records[number] = record
            self._answers[key] = (body, number)
            return 201, {"number": number}


class Server(ThreadingHTTPServer):
    """The platform on a port of loopback."""

    daemon_threads = True

    def __init__(self, port: int, platform: Platform) -> None:
        self.platform = platform
        super().__init__(("127.0.0.1", port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        """What is kept: the count and the newest records, for whoever shows the demonstration."""
        newest = list(self.server.platform.records.items())[-20:]
        self._answer(200, {"count": len(self.server.platform.records), "newest": dict(newest)})

    def do_POST(self) -> None:
        """An upload."""
        platform = self.server.platform
        fault = platform.fault()
        if fault == "drop":
            self.close_connection = True
            self.connection.close()
            return None
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _MOST))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            if platform.key is not None:
                verify("POST", self.path, body, headers, platform.key, time.time())
        except SignatureError as wrong:
            return self._answer(401, {"code": f"signature.{wrong}", "title": "not signed by anybody known here"})
        if fault == "fail":
            return self._answer(503, {"code": "maintenance", "title": "the platform is being repaired"})
        if fault == "delay":
            time.sleep(platform.delay)
        try:
            status, said = platform.take(headers.get("idempotency-key", ""), body, time.time())
        except ValueError:
            status, said = 400, {"code": "body", "title": "no JSON"}
        if fault == "lose":
            self.close_connection = True
            self.connection.close()
            return None
        self._answer(status, said)
        if fault == "twice":
            self._answer(status, said)
        return None

    def _answer(self, status: int, said: dict[str, Any]) -> None:
        text = json.dumps(said, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        if status == 503:  # noqa: PLR2004 - unavailable
            self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(text)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Silence; the records speak."""


def main() -> None:
    """Serve until told to stop."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--port", type=int, default=8750)
    asked.add_argument("--faults", default="ok", help="comma-separated, of: " + ", ".join(FAULTS))
    given = asked.parse_args()
    faults = given.faults.split(",")
    if unknown := set(faults) - set(FAULTS):
        asked.error(f"unknown faults: {', '.join(sorted(unknown))}")
    Server(given.port, Platform(faults=faults)).serve_forever()


if __name__ == "__main__":
    main()
