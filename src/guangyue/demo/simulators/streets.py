"""Plays a street day against the public API: ``python -m guangyue.demo.simulators.streets http://127.0.0.1:8000/``.

Officers photograph and record, the product reminds, owners leave or stay, officers look again, traffic police review, and
now and then an owner objects in the portal and another reviewer answers.
Everything goes through the API with the tokens of ``GUANGYUE_DEMO_TOKENS`` (a JSON object: login → token); what the
product refuses is told and not hidden.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import json
import os
import random
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from guangyue.demo.city import demo_city
from guangyue.demo.city.staff import STAFF
from guangyue.demo.simulators.client import Answer, Citizen, Client, NoAnswerError
from guangyue.demo.simulators.courses import Course
from guangyue.demo.simulators.courses import Step as Act
from guangyue.demo.simulators.day import Parked, Street
from guangyue.demo.simulators.photos import photograph
from guangyue.demo.simulators.streetday import MIX, other_case
from guangyue.law import CITY

if TYPE_CHECKING:
    from guangyue.demo.city.model import City

__all__ = ["OFFICERS", "REVIEWERS", "Play", "main"]

OFFICERS = ("urban1", "urban2", "urban3", "urban4", "traffic1", "traffic2", "traffic3", "traffic4")
REVIEWERS = ("review1", "review2")
OBJECTS, UPHELD = 0.06, 0.3
"""Shares: of decided matters whose owner objects, and of objections that are right."""
MINOR, WARNED = 0.06, 0.08
"""Shares of what is reviewed: met with words alone, met with a written warning."""
GROUNDS = ("车辆故障，已报警并放置警示牌。", "当时接送病人就医，已在十分钟内返回。", "该处没有禁停标志，请核实。")
AGAIN = 3
"""Tries of a call whose line failed, under the same key."""

Step = Callable[[], object]


class Play:
    """One street day.

    Args:
        city: whose people and places.
        clients: by login. citizen: makes the browser of somebody who objects; nobody does without.
        speed: times the usual traffic; terms of law keep their length.
        now: the clock; seconds since the epoch.
        badges: numbers of staff by login; with them other offences than parking are met, too.
        say: told about everything that happens.
    """

    def __init__(
        self,
        city: City,
        clients: dict[str, Client],
        *,
        speed: float = 1.0,
        seed: int | None = None,
        citizen: Callable[[], Citizen] | None = None,
        badges: Mapping[str, str] | None = None,
        now: Callable[[], float] = time.time,
        say: Callable[[str], None] = print,
    ) -> None:
        self._clients, self._now, self._say, self._citizen = clients, now, say, citizen
        chosen = secrets.randbits(32) if seed is None else seed
        self._street = Street(city, chosen, pace=speed)
        self._chance = random.Random(f"{chosen}/play")  # noqa: S311 - reproducible invention, not secrets
        self._run = f"{chosen:08x}"
        self._course = Course(clients, badges, self._run) if badges else None
        self._numbers = itertools.count(1)
        self._plan: list[tuple[float, int, Step]] = []
        self.counts: dict[str, int] = {}

    def start(self, *, at_once: int = 0) -> None:
        """Plan the first car; ``at_once`` cars are found now, so that there is something to look at."""
        for n in range(at_once):
            parked = self._street.after(self._time())
            self._at(self._now() + 3 * n, lambda p=parked: self._found(p))  # type: ignore[misc]  # bound now
        self._next()

    def until_next(self) -> float:
        """Seconds until something is to be done; 0 when it is due."""
        return max(0.0, self._plan[0][0] - self._now()) if self._plan else 3600.0

    def step(self) -> bool:
        """Do what is due; False when nothing is."""
        if not self._plan or self._plan[0][0] > self._now():
            return False
        _, _, act = heapq.heappop(self._plan)
        try:
            act()
        except NoAnswerError as why:
            self._count("no answer")
            self._say(f"! {why}")
        return True

    def _next(self) -> None:
        parked = self._street.after(self._time())

        def arrive() -> None:
            self._next()
            self._met(parked)

        self._at(parked.at.timestamp(), arrive)

    def _met(self, parked: Parked) -> None:
        """A car in the way, or something else: a stall, an advertisement, a rider."""
        if self._course is None or self._chance.random() < MIX["parking"]:
            self._found(parked)
            return
        case = other_case(next(self._numbers), parked, self._chance)
        for act in self._course.steps(case):
            minutes = (act.at - case.at).total_seconds() / 60
            self._in(minutes, lambda a=act: self._played(a))  # type: ignore[misc]  # bound now

    def _played(self, act: Act) -> None:
        """One act on something that is no car."""
        assert self._course is not None  # noqa: S101 - planned by it
        if act.code != "record" and not self._course.ref(act.case.number):
            return
        now = replace(act, at=self._time())
        answer = self._tried(lambda: self._course.play(now))  # type: ignore[union-attr]  # seen before
        self._tell(act.code, f"{act.login} {act.case.offence.procedure} {act.case.number}", answer)

    def _found(self, parked: Parked) -> None:
        login = self._chance.choice(OFFICERS)
        client, at, car = self._clients[login], self._time(), parked.owner.car
        assert car is not None  # noqa: S101 - drivers have one
        pieces = [
            self._photo(client, parked, "first", at, panorama=not close, plate_legible=True, close=close)
            for close in (False, True)
        ]
        values = {"plate": car.plate, "street": parked.spot.name_zh, "place_type": parked.spot.place_type,
                  "colour": car.colour, "vehicle": car.vehicle}  # fmt: skip
        body = {
            "procedure": "streets.parking", "action": "record", "values": values, "evidence": pieces,
            "position": {"lon": parked.where[0], "lat": parked.where[1], "accuracy_m": 6},
        }  # fmt: skip
        key = f"sim-{self._run}-{next(self._numbers)}"
        answer = self._tried(lambda: client.open(key, body))
        self._tell("record", f"{login} {car.plate} {parked.spot.name_zh}", answer)
        if not answer.done:
            return
        ref = answer.said["id"]
        if parked.leaves_after is not None and self._chance.random() < 0.5:  # noqa: PLR2004 - an officer sees every second one go
            self._in(parked.leaves_after + 0.1, lambda: self._act(login, ref, "gone", key, {}))
        else:
            self._in(parked.looks_again_after, lambda: self._looked(login, ref, key, parked))

    def _looked(self, login: str, ref: str, key: str, parked: Parked) -> None:
        """Back at the place after the ten minutes."""
        if parked.leaves_after is not None:
            self._act(login, ref, "gone", key, {})
            return
        state = self._clients[login].matter(ref).said.get("state", {}).get("code", "")
        client, at = self._clients[login], self._time()
        pieces = [self._photo(client, parked, "second", at, plate_legible=True, close=close) for close in (False, True)]
        code = "hand_over_unreached" if state == "unreached" else "still_there"
        values = {"reason": "短信未能送达，车辆仍在原处"} if state == "unreached" else {}
        answer = self._act(login, ref, code, key, {"evidence": pieces, "values": values})
        if answer.done:
            affixed = self._photo(client, parked, "affixed", self._time(), close=False)
            self._act(login, ref, "affix", key, {"evidence": [affixed]})
            slip = str(answer.said.get("papers", {}).get("slip", ""))
            self._in(self._chance.uniform(4, 30), lambda: self._reviewed(ref, key, parked, slip))

    def _reviewed(self, ref: str, key: str, parked: Parked, slip: str) -> None:
        reviewer, drawn = self._chance.choice(REVIEWERS), self._chance.random()
        if not parked.sound:
            self._act(reviewer, ref, "reject", key, {"values": {"reason": "号牌不够清晰，证据不足"}})
        elif drawn < MINOR:
            said = {"measure": "oral_warning", "education": "请停入泊位，不要占用人行道和盲道。"}
            self._act(reviewer, ref, "admonish", key, {"values": said, "checks": ["slight"]})
        else:
            measure = "warning" if drawn < MINOR + WARNED else "fine"
            decided = self._act(reviewer, ref, "approve", key, {"values": {"measure": measure}})
            if decided.done and slip and self._citizen is not None and self._chance.random() < OBJECTS:
                others = [name for name in REVIEWERS if name != reviewer]
                self._in(self._chance.uniform(5, 90), lambda: self._objected(ref, key, parked, slip, others[0]))

    def _objected(self, ref: str, key: str, parked: Parked, slip: str, reviewer: str) -> None:
        """The owner objects in the portal; somebody else than the one who decided answers."""
        car, citizen = parked.owner.car, self._citizen
        assert car is not None and citizen is not None  # noqa: S101, PT018 - seen before
        taken = citizen().object_to(slip, car.plate, self._chance.choice(GROUNDS), f"{key}-object")
        self._count("object" if taken else "object refused")
        self._say(f"{self._time():%H:%M:%S} {'object':<12} {slip}: {'objected' if taken else 'REFUSED'}")
        if taken:
            upheld = self._chance.random() < UPHELD
            code, why = ("uphold", "理由成立，消除记录。") if upheld else ("deny", "证据清楚，异议不成立。")
            self._in(
                self._chance.uniform(10, 60), lambda: self._act(reviewer, ref, code, key, {"values": {"reason": why}})
            )

    def _act(self, login: str, ref: str, code: str, key: str, body: dict[str, Any]) -> Answer:
        answer = self._tried(lambda: self._clients[login].act(ref, code, f"{key}-{code}", body))
        self._tell(code, f"{login} {ref}", answer)
        return answer

    def _photo(
        self,
        client: Client,
        parked: Parked,
        which: str,
        at: datetime,
        *,
        close: bool = False,
        **said: Any,  # noqa: ANN401 - what a piece says of itself
    ) -> dict[str, Any]:
        assert parked.owner.car is not None  # noqa: S101 - drivers have one
        jpeg = photograph(parked.owner.car, at, parked.where, self._chance, close=close)
        return client.photograph(jpeg, which, at, parked.where, **said)

    def _tried(self, call: Callable[[], Answer]) -> Answer:
        """The same call under the same key until it is answered."""
        for last in (*(False,) * (AGAIN - 1), True):
            try:
                return call()
            except NoAnswerError:
                if last:
                    raise
        raise AssertionError("unreachable")

    def _tell(self, act: str, what: str, answer: Answer) -> None:
        self._count(act if answer.done else f"{act} refused")
        outcome = answer.said.get("state", {}).get("code", "") if answer.done else f"REFUSED {', '.join(answer.codes)}"
        self._say(f"{self._time():%H:%M:%S} {act:<12} {what}: {outcome}")

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def _time(self) -> datetime:
        return datetime.fromtimestamp(self._now(), CITY).replace(microsecond=0)

    def _in(self, minutes: float, act: Step) -> None:
        self._at(self._now() + timedelta(minutes=minutes).total_seconds(), act)

    def _at(self, when: float, act: Step) -> None:
        heapq.heappush(self._plan, (when, next(self._numbers), act))


def main() -> int:
    """Play until told to stop."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("root")
    asked.add_argument("--speed", type=float, default=1.0, help="times the usual traffic")
    asked.add_argument("--seed", type=int)
    asked.add_argument("--at-once", type=int, default=12, help="cars that are found at the start")
    given = asked.parse_args()
    tokens: dict[str, str] = json.loads(os.environ.get("GUANGYUE_DEMO_TOKENS", "{}"))
    if missing := [name for name in (*OFFICERS, *REVIEWERS) if name not in tokens]:
        asked.error(f"GUANGYUE_DEMO_TOKENS names no token of {', '.join(missing)}")
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    clients = {name: Client(given.root, token) for name, token in tokens.items()}
    play = Play(
        demo_city(), clients, speed=given.speed, seed=given.seed, citizen=lambda: Citizen(given.root),
        badges={m.login: f"S{n:03}" for n, m in enumerate(STAFF, 1) if m.login in clients},
        say=lambda line: print(line, flush=True),  # noqa: T201 - its log
    )  # fmt: skip
    play.start(at_once=given.at_once)
    while not stop.is_set():
        if not play.step():
            stop.wait(min(play.until_next(), 60))
    return 0


if __name__ == "__main__":
    sys.exit(main())
