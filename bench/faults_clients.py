"""Officers' phones and a reviewer's desk during a storm of faults: each command under a key of its own until it is answered.

A car is recorded, its owner reminded, looked at again when the ten minutes are over, handed over, reviewed, uploaded. What
is answered 2xx is written down as acknowledged; what is not answered is sent again, the same key and the same words.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import io
import itertools
import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

from bench.faults_city import city_time, plate_of

__all__ = ["BENCHES", "Acknowledged", "Ledger", "Storm"]

BENCHES = ()
WHERE = (115.98, 36.45)
TIMEOUT = 30.0
OK = range(200, 300)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """One command that was answered 2xx.

    Attributes:
        tries: how often it was sent before it was answered. at: when the answer came, monotonic seconds.
    """

    key: str
    matter: str
    act: str
    plate: str
    seq: int
    tries: int
    at: float


@dataclass
class Ledger:
    """What the clients know, whatever happened to the product.

    Attributes:
        commands: acknowledged. evidence: digests whose last byte was acknowledged, with their evidence ids.
        refused: commands answered 4xx, with what was said. unanswered: attempts that came to nothing.
    """

    commands: list[Acknowledged] = field(default_factory=list)
    evidence: dict[str, str] = field(default_factory=dict)
    refused: list[tuple[str, int, str]] = field(default_factory=list)
    unanswered: int = 0
    good: float = 0.0

    def __post_init__(self) -> None:
        self.lock = threading.Lock()


class OverError(Exception):
    """The storm is over; what is under way is left as it stands."""


class Storm:
    """The clients of one storm.

    Args:
        address: of the product. people: by login, with tokens. anchor: of the city's clock.
        seed: of what they do.
        cars: how many there are.
        told: is told of every answer 2xx that promises something, as kind and particulars, as soon as it is there.
    """

    def __init__(
        self,
        address: str,
        people: dict[str, dict[str, str]],
        anchor: float,
        seed: int,
        cars: int,
        told: Callable[..., None] = lambda *_: None,
    ) -> None:
        self._told = told
        self._host = urlsplit(address).netloc
        self._people, self._anchor, self._seed = people, anchor, seed
        self._cars = itertools.count()
        self._most = cars
        self._to_review: list[tuple[str, str]] = []
        self._over, self._no_more = threading.Event(), threading.Event()
        self.ledger = Ledger()
        self._threads = [threading.Thread(target=self._officer, args=(n,), daemon=True) for n in range(4)]
        self._threads += [threading.Thread(target=self._reviewer, daemon=True)]
        self.errors: list[str] = []

    def start(self) -> None:
        """Set them to work."""
        for thread in self._threads:
            thread.start()

    def settle(self, seconds: float) -> None:
        """No new cars; what is under way is brought to its end, at most for so long."""
        self._no_more.set()
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.1, end - time.monotonic()))
        self._over.set()
        for thread in self._threads:
            thread.join(TIMEOUT + 5)

    def _officer(self, number: int) -> None:
        dice = random.Random(f"{self._seed}/{number}")
        login = f"officer{number}"
        under_way: list[tuple[str, int]] = []
        try:
            while not (self._over.is_set() or (self._no_more.is_set() and not under_way)):
                if len(under_way) < 6 and not self._no_more.is_set():
                    n = next(self._cars)
                    if n < self._most:
                        ref = self._found(login, n, dice)
                        if ref:
                            under_way.append((ref, n))
                under_way = [(ref, n) for ref, n in under_way if not self._looked(login, ref, n, dice)]
                self._over.wait(0.02)
        except OverError:
            return
        except Exception as why:  # noqa: BLE001 - a client that breaks is told by the storm
            self.errors.append(f"{login}: {why!r}")

    def _found(self, login: str, n: int, dice: random.Random) -> str:
        piece = self._photograph(login, "first", dice, panorama=True, plate_legible=True)
        values = {"plate": plate_of(n), "street": f"柳园路{n}号", "vehicle": "小型轿车"}
        body = {
            "procedure": "streets.parking", "action": "record", "values": values, "evidence": [piece],
            "position": {"lon": WHERE[0], "lat": WHERE[1], "accuracy_m": 6},
        }  # fmt: skip
        said = self._command(login, "/api/matters", f"s{self._seed}-{n}-record", body, ("record", n))
        return str(said["id"]) if said else ""

    def _looked(self, login: str, ref: str, n: int, dice: random.Random) -> bool:
        """Looks at a car again; true when the officer is done with it."""
        state = self._state(login, ref)
        if state == "reminded" and n % 7 == 3:
            self._act(login, ref, "gone", n, {})
            return True
        if state in {"overdue", "unreached"}:
            act = "still_there" if state == "overdue" else "hand_over_unreached"
            if state == "unreached" and dice.random() < 0.9:
                return False  # the reminder may still come
            piece = self._photograph(login, "second", dice, plate_legible=True)
            values = {"reason": "短信未能送达，车辆仍在原处"} if state == "unreached" else {}
            if self._act(login, ref, act, n, {"evidence": [piece], "values": values}):
                with self.ledger.lock:
                    self._to_review.append((ref, str(n)))
            return True
        return state not in {"noticed", "reminded"}

    def _reviewer(self) -> None:
        try:
            while not self._over.is_set():
                with self.ledger.lock:
                    job = self._to_review.pop(0) if self._to_review else None
                if job is None:
                    if self._no_more.is_set() and not any(t.is_alive() for t in self._threads[:-1]):
                        return
                    self._over.wait(0.05)
                    continue
                self._act("reviewer", job[0], "approve", int(job[1]), {"values": {"measure": "fine"}})
        except OverError:
            return
        except Exception as why:  # noqa: BLE001 - likewise
            self.errors.append(f"reviewer: {why!r}")

    def _act(self, login: str, ref: str, act: str, n: int, body: dict[str, Any]) -> dict[str, Any] | None:
        path = f"/api/matters/{ref}/actions/{act}"
        return self._command(login, path, f"s{self._seed}-{n}-{act}", body, (act, n))

    def _command(
        self, login: str, path: str, key: str, body: dict[str, Any], what: tuple[str, int]
    ) -> dict[str, Any] | None:
        act, n = what
        headers = {"Content-Type": "application/json", "Idempotency-Key": key, "Accept": "application/json"}
        text = json.dumps(body, ensure_ascii=False).encode()
        status, _, said, tries = self._until_answered(login, "POST", path, text, headers)
        told = json.loads(said) if said else {}
        with self.ledger.lock:
            if status in OK:
                self._told("command", key, str(told["id"]), act, int(told["seq"]))
                done = Acknowledged(key, str(told["id"]), act, plate_of(n), int(told["seq"]), tries, time.monotonic())
                self.ledger.commands.append(done)
                return dict(told)
            self.ledger.refused.append((key, status, said[:300].decode("utf-8", "replace")))
        return None

    def _state(self, login: str, ref: str) -> str:
        status, _, said, _ = self._until_answered(login, "GET", f"/api/matters/{ref}", b"", {})
        return str(json.loads(said).get("state", {}).get("code", "")) if status in OK else "gone"

    def _photograph(self, login: str, which: str, dice: random.Random, **said: bool) -> dict[str, Any]:
        """Uploads in two parts; goes on where a fault broke it off."""
        jpeg = _jpeg(dice)
        digest = hashlib.sha256(jpeg).hexdigest()
        taken = datetime.fromtimestamp(int(city_time(self._anchor, time.time())), UTC)
        tus = {"Tus-Resumable": "1.0.0"}
        named = {"Upload-Metadata": f"sha256 {base64.b64encode(digest.encode()).decode()}"}
        evidence = ""
        while not evidence:
            begun = tus | named | {"Upload-Length": str(len(jpeg))}
            status, told, text, _ = self._until_answered(login, "POST", "/evidence/uploads/", b"", begun)
            if status != 201:
                raise AssertionError(f"an upload was not begun: {status} {text[:200]!r}")
            evidence = self._sent(login, urlsplit(told["location"]).path, jpeg, tus)
        self._told("evidence", digest, evidence)
        with self.ledger.lock:
            self.ledger.evidence[digest] = evidence
        return {
            "set": which, "sha256": digest, "taken_at": taken.isoformat(), "located": True, "lon": WHERE[0],
            "lat": WHERE[1], **said,
        }  # fmt: skip

    def _sent(self, login: str, place: str, jpeg: bytes, tus: dict[str, str]) -> str:
        """The parts of one upload; its evidence id, or nothing when the upload is gone and has to begin anew."""
        at = 0
        while True:
            part = jpeg[at : at + max(1, len(jpeg) // 2)] if at < len(jpeg) else b""
            headers = tus | {"Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"}
            answer = self._once(login, "PATCH", place, part, headers)
            if answer is None or answer[0] >= 500 or answer[0] in {400, 409, 423}:
                status, told, _, _ = self._until_answered(login, "HEAD", place, b"", tus)
                if status in {404, 410}:
                    return ""
                if "evidence-id" in told:
                    return told["evidence-id"]
                at = int(told["upload-offset"])
                continue
            status, told, said = answer
            if status in {404, 410}:
                return ""
            if status != 204:
                raise AssertionError(f"an upload was refused: {status} {said[:200]!r}")
            if "evidence-id" in told:
                return told["evidence-id"]
            at = int(told["upload-offset"])
            self._told("part", place.rsplit("/", 1)[1], jpeg[:at])

    def _until_answered(
        self, login: str, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes, int]:
        for tries in itertools.count(1):
            answer = self._once(login, method, path, body, headers)
            if answer is not None and answer[0] < 500 and answer[0] != 429:
                return (*answer, tries)
            if self._over.wait(0.05):
                raise OverError
        raise AssertionError("unreachable")

    def _once(
        self, login: str, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes] | None:
        line = http.client.HTTPConnection(self._host, timeout=TIMEOUT)
        try:
            line.request(method, path, body, headers | {"Authorization": f"Bearer {self._people[login]['token']}"})
            answer = line.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            with self.ledger.lock:
                self.ledger.unanswered += 1
            return None
        finally:
            line.close()
        if answer.status < 500:
            self.ledger.good = time.monotonic()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, said


def _jpeg(dice: random.Random) -> bytes:
    """A small picture like no other."""
    picture = Image.frombytes("RGB", (16, 12), dice.randbytes(16 * 12 * 3)).resize((160, 120))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=85)
    return kept.getvalue()
