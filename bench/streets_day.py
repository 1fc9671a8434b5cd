"""A street day through the API: 885 matters with photographs, found, reminded, looked at again, decided.

The clock of the city is set three minutes on, again and again; in between the simulator's officers and reviewers do what is
due, over HTTP with tokens, and the runner sends the reminders and fires the clocks. Photographs are drawn before the
time counts: it is the product that is measured. No plate is read on the server. Any error in any log is a failure.
"""

from __future__ import annotations

import json
import os
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import psycopg
from tests.installation import Installation, installation

from bench.streets_people import RESIDENTS
from bench.table import Bench, Row, row
from bench.web_stage import runner
from guangyue.demo.city import demo_city
from guangyue.demo.simulators.client import Client
from guangyue.demo.simulators.courses import Course, Step
from guangyue.demo.simulators.photos import photograph, restamped
from guangyue.demo.simulators.streetday import Case, Day, street_day
from guangyue.law import CITY

__all__ = ["BENCHES"]

MATTERS = int(os.environ.get("BENCH_STREETS_DAY", "885"))
PENALTIES = MATTERS * 220 // 885
CLIENTS = 4
WAVE = timedelta(minutes=3)
PICTURES = int(os.environ.get("BENCH_STREETS_PICTURES", "80"))
PATIENCE = 60.0
ERROR = re.compile(
    r"\b(ERROR|FATAL|PANIC|CRITICAL|Traceback|Exception|deadletter|dead-lettered)\b|\"level\": ?\"error\""
)
AWAKE = "notify deadline; notify outbox"
"""The runner sleeps until the next clock by the time it knew; a day that jumps tells it so."""
WAITING = """
    select (select count(*) from matter where state = 'noticed' and opened_at < %(told)s),
        (select count(*) from deadline where %(clocks)s and status = 'pending' and due_at < city_now())
"""


def measure() -> Iterable[Row]:
    """The whole day; every act is carried out, and each matter ends as planned."""
    pictures = Pictures()
    with installation(GUANGYUE_SMS="local") as made:
        people = json.loads(made.run("-m", "bench.streets_people"))
        with psycopg.connect(made.cluster.dsn("guangyue"), autocommit=True) as db, runner(made):
            today: date = db.execute("select (city_now() at time zone 'Asia/Shanghai')::date + 1").fetchone()[0]  # type: ignore[index]
            plan = street_day(demo_city(residents=RESIDENTS), today, 1, matters=MATTERS, penalties=PENALTIES)
            with made.served(workers=2) as address:
                clients = {login: Client(address, who["token"]) for login, who in people.items()}
                course = Course(clients, {k: w["badge"] for k, w in people.items()}, "b1", draw=pictures.draw)
                before = {path: path.stat().st_size for path in logs(made)}
                began = time.perf_counter()
                play(plan, course, db)
                spent = time.perf_counter() - began
            wrong = judged(plan, course, db)
            errors = faults(logs(made), before)
        how = (
            f"{len(plan.cases)} matters, {plan.counts['ends:penalty']} penalties, {sum(course.took.done.values())} acts, "
            f"{pictures.drawn} photographs; {len(course.took.refused)} refused, {len(wrong)} ended otherwise, "
            f"{len(errors)} errors in logs; load {os.getloadavg()[0]:.1f}"
        )
        for line in (*course.took.refused[:5], *wrong[:5], *errors[:5]):
            sys.stderr.write(f"  {line}\n")
        yield row("streets.day", spent, how, ok=not (course.took.refused or wrong or errors))


def play(plan: Day, course: Course, db: psycopg.Connection[tuple[object, ...]]) -> None:
    """Wave by wave; the acts on one matter keep their order, the matters go side by side."""
    waves: defaultdict[datetime, dict[int, list[Step]]] = defaultdict(lambda: defaultdict(list))
    for case in plan.cases:
        for at, step in timed(course.steps(case)):
            waves[at][case.number].append(replace(step, at=at))

    def one(steps: list[Step]) -> None:
        for step in steps:
            course.play(step)

    with ThreadPoolExecutor(CLIENTS) as threads:
        for at in sorted(waves):
            # The carrier has two waves for a reminder: whatever is older is waited for before the clock goes on.
            settled(db, at - WAVE * 3 / 2, clocks=False)
            db.execute("update city_clock set anchor_city = %s, anchor_real = clock_timestamp()", [at])
            db.execute(AWAKE)
            steps = [step for case in waves[at].values() for step in case]
            settled(db, at - WAVE * 3 / 2, clocks=any(s.code == "still_there" for s in steps))
            list(threads.map(one, waves[at].values()))


def timed(steps: list[Step]) -> Iterator[tuple[datetime, Step]]:
    """Each act at the end of a wave; a car that leaves does so inside the ten minutes, the second look is after them."""
    first = steps[0].at
    begin = first + (-(first - datetime(first.year, first.month, first.day, tzinfo=CITY)) % WAVE)
    for step in steps:
        waves = -(-(step.at - first) // WAVE)
        if step.code == "gone":
            waves = 2
        elif step.code in {"still_there", "affix"}:
            waves = 6
        elif step.case.kind == "parking" and step.code != "record":
            waves = max(waves, 7)
        yield begin + waves * WAVE, step


def settled(db: psycopg.Connection[tuple[object, ...]], told: datetime, *, clocks: bool) -> None:
    """Waits until the carrier has taken the reminders of matters opened before ``told``, and due clocks have fired."""
    end, asked = time.monotonic() + PATIENCE, {"told": told, "clocks": clocks}
    while time.monotonic() < end:
        if db.execute(WAITING, asked).fetchone() == (0, 0):
            return
        time.sleep(0.02)
    raise RuntimeError(f"the runner is behind: {db.execute(WAITING, asked).fetchone()} after {PATIENCE} s")


def judged(plan: Day, course: Course, db: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    """Matters that did not end as planned."""
    want = {
        "left": "left", "penalty": "decided", "unsound": "dropped", "minor": "admonished", "corrected": "corrected",
        "warned": "warned_orally",
    }  # fmt: skip
    states = {str(ref): str(state) for ref, state in db.execute("select ref, state from matter").fetchall()}
    found = []
    for case in plan.cases:
        state = states.get(course.ref(case.number))
        wanted = "served" if case.ends == "penalty" and case.kind != "parking" else want[case.ends]
        if state != wanted:
            found.append(f"{case.kind} {case.number}: {state} instead of {wanted}")
    return found


def logs(made: Installation) -> set[Path]:
    """Everything that anything wrote."""
    every = (*made.home.glob("*.log"), *made.home.glob("postgres/**/*.log"), *made.home.glob("postgres/log*"))
    return {p for p in every if p.is_file()}


def faults(paths: Iterable[Path], before: dict[Path, int]) -> list[str]:
    """Lines of any log that tell of an error since the day began."""
    found = []
    for path in paths:
        found += [
            f"{path.name}: {line[:200]}"
            for line in path.read_bytes()[before.get(path, 0) :].decode("utf-8", "replace").splitlines()
            if ERROR.search(line)
        ]
    return found


class Pictures:
    """Pictures drawn beforehand; each is handed out with a time and place of its own, so that no two files are alike."""

    def __init__(self) -> None:
        city, dice = demo_city(residents=200), random.Random(3)
        at = datetime(2026, 11, 22, 10, tzinfo=CITY)
        cars = [d.car for d in city.drivers if d.car]
        self._kept = {
            close: [photograph(dice.choice(cars), at, city.centre, dice, close=close) for _ in range(PICTURES // 2)]
            for close in (False, True)
        }
        self.drawn = 0

    def draw(self, case: Case, at: datetime, close: bool) -> bytes:  # noqa: FBT001 - as the course asks
        """One of them, taken now and here."""
        self.drawn += 1
        kept = self._kept[close]
        return restamped(kept[self.drawn % len(kept)], at, case.parked.where, f"{case.number}/{self.drawn}")


BENCHES = (Bench(("streets.day",), measure),)
