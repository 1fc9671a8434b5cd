"""The carrier and the traffic police's platform, in memory, with everything that goes wrong between us and them.

The carrier speaks :class:`guangyue.links.sms.channel.SmsChannel`; the platform is the demo's stand-in with its own rules,
reached through the one function that exchanges requests, so that signing, verifying and answering are the real ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from typing_extensions import override

from guangyue.demo.standins.traffic_platform import Platform
from guangyue.links.exchange import Answer, NoAnswerError
from guangyue.links.sms.channel import Accepted, BusyError, Receipt, RefusedError, SmsChannel
from guangyue.links.traffic_platform.signing import SignatureError, verify

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from tests.faults.world.stage import Stage

__all__ = ["Carrier", "Sent", "Uploads", "Weather"]


@dataclass(frozen=True, slots=True)
class Weather:
    """How bad a line is.

    Attributes:
        slow: seconds a request takes at most. busy, refuse, lose, silent, twice: chances that it is told to come again,
            refused for good, lost on the way, answered into the void, delivered a second time later.
    """

    slow: float = 1.0
    busy: float = 0.0
    refuse: float = 0.0
    lose: float = 0.0
    silent: float = 0.0
    twice: float = 0.0


@dataclass(frozen=True, slots=True)
class Sent:
    """An SMS that really went out."""

    key: str
    at: datetime
    ids: tuple[str, ...]


@dataclass
class Carrier(SmsChannel):
    """A carrier. With ``knows_keys`` it is an HTTP gateway, which answers a key again; without, SMPP, which does not.

    Attributes:
        sent: what went on the air. refused: keys it will never take.
    """

    stage: Stage
    weather: Weather
    knows_keys: bool
    receive: Callable[[Receipt], None]
    deadly: float = 0.0
    sent: list[Sent] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    @override
    def send(self, number: str, text: str, *, key: str) -> Accepted:
        stage, weather, dice = self.stage, self.weather, self.stage.dice
        stage.sleep(dice.uniform(0.05, weather.slow))
        stage.boundary(self.deadly)
        fate = dice.random()
        if fate < weather.busy:
            stage.say("carrier: busy")
            raise BusyError("the carrier asks for patience", timedelta(seconds=5) if dice.random() < 0.5 else None)
        if key in self.refused or dice.random() < weather.refuse:
            self.refused.add(key)
            raise RefusedError("ESME_RINVDSTADR", "空号或号码不可达 · the number is not valid")
        if dice.random() < weather.lose:
            stage.sleep(20)
            stage.say("carrier: lost on the way")
            raise BusyError("线路中断 · the line broke")
        before = next((s for s in self.sent if s.key == key), None) if self.knows_keys else None
        if before is None:
            ids = tuple(f"{len(self.sent)}-{n}" for n in range(1 + (len(text) > 70)))
            before = Sent(key, stage.now, ids)
            self.sent.append(before)
            stage.say(f"carrier: SMS {key} on the air")
            self._receipts(ids)
        if dice.random() < weather.silent:
            stage.sleep(20)
            stage.say("carrier: took it, and its answer is lost")
            if self.knows_keys:
                raise BusyError("短信网关没有应答 · the gateway does not answer")
            raise self.unanswered()
        stage.boundary(self.deadly)
        return Accepted(before.ids)

    @staticmethod
    def unanswered() -> Exception:
        """What the SMPP channel raises when nothing came back."""
        from guangyue.links.sms.channel import UnansweredError

        return UnansweredError("运营商没有应答 · the carrier does not answer")

    @override
    def on_receipt(self, take: Callable[[Receipt], None]) -> None:
        self.receive = take

    @override
    def close(self) -> None:
        """Nothing to leave."""

    def _receipts(self, ids: tuple[str, ...]) -> None:
        """Late, twice, in any order, and sometimes about a phone that is off."""
        dice = self.stage.dice
        for one in ids:
            there = dice.random() < 0.9
            for _ in range(1 + (dice.random() < 0.3)):
                wait = dice.choice((0.1, 1, 20, 600)) * dice.uniform(0.5, 2)
                self.stage.after(wait, lambda one=one, there=there: self._tell(one, delivered=there))

    def _tell(self, one: str, *, delivered: bool) -> None:
        self.receive(Receipt(one, delivered, "DELIVRD" if delivered else "UNDELIV", self.stage.now))


@dataclass
class Uploads:
    """The platform behind a bad line; stands in for :func:`guangyue.links.exchange.exchange`."""

    stage: Stage
    weather: Weather
    key: Ed25519PublicKey
    deadly: float = 0.0
    platform: Platform = field(default_factory=Platform)
    unsigned: int = 0

    def exchange(
        self, method: str, address: str, headers: Mapping[str, str], body: bytes | None, *, wait: float
    ) -> Answer:
        """One request and its answer, or none."""
        stage, weather, dice = self.stage, self.weather, self.stage.dice
        stage.sleep(dice.uniform(0.05, weather.slow))
        stage.boundary(self.deadly)
        if dice.random() < weather.lose:
            stage.sleep(min(wait, 15))
            raise NoAnswerError("timeout")
        if dice.random() < weather.busy:
            return Answer(503, {"retry-after": "1"}, {"code": "maintenance"})
        answer = self._take(method, urlsplit(address).path, headers, body or b"")
        if dice.random() < weather.twice:
            given = (method, urlsplit(address).path, dict(headers), body or b"")
            stage.after(dice.uniform(1, 900), lambda: self._take(*given))
        if dice.random() < weather.silent:
            stage.say("platform: took it, and its answer is lost")
            stage.sleep(wait)
            raise NoAnswerError("timeout")
        stage.boundary(self.deadly)
        return answer

    def _take(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        named = {name.lower(): value for name, value in headers.items()}
        now = self.stage.now.timestamp()
        try:
            verify(method, path, body, named, self.key, now)
        except SignatureError as wrong:
            self.unsigned += 1
            return Answer(401, {}, {"code": f"signature.{wrong}"})
        status, said = self.platform.take(named["idempotency-key"], body, now)
        self.stage.say(f"platform: {status} {named['idempotency-key']}")
        return Answer(status, {}, json.loads(json.dumps(said)))
