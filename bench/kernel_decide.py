"""``kernel.decide``: decisions a second on the parking mix, one core, refusals and lapses included.

The mix follows the published totals of joint enforcement: about one reminder in four ends in a penalty. A decision is one
call of ``decide`` or ``lapse`` with the matters that come out of it; commands and facts are made beforehand, as the pages
and the runner would hand them over. CPU time is measured, so that a busy machine says little against it.
"""

from __future__ import annotations

import gc
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.kernel.skeletons.parking import PARKING

from bench.table import Bench, Row, row
from guangyue.kernel import Actor, Command, Decision, Facts, Matter, Piece, act, decide, lapse
from guangyue.law import BOOK, CALENDAR, CITY

MATTERS = 2_000
ROUNDS = 7
NO_COMPILER = 3
MORNING = datetime(2026, 3, 2, 8, tzinfo=CITY).astimezone(UTC)
"""Moments are in UTC, as the records' clock gives them; what phones say they saw has the city's offset."""
URBAN = Actor(id="li", roles=frozenset({"urban_officer"}), agency="urban", unit="urban-1", level="county")
TRAFFIC = Actor(id="wang", roles=frozenset({"traffic_officer"}), agency="traffic_police", unit="tp-1", level="county")
REVIEWER = Actor(id="zhao", roles=frozenset({"traffic_reviewer"}), agency="traffic_police", unit="tp-1", level="county")
CARRIER = Actor(id="carrier", system="carrier")
OWNER = Actor(id="owner", parties=frozenset({"owner"}))
RUNNER = Actor(id="runner")


@dataclass(frozen=True, slots=True)
class Call:
    """One call to the kernel and what it must answer: an act, or the clock ``key``."""

    facts: Facts
    ok: bool
    command: Command | None = None
    key: str = ""


def photo(set_: str, at: datetime, n: int, *, legible: bool = True) -> Piece:
    """A photograph as the field app sends it."""
    return Piece(
        set=set_, sha256=f"{n:064x}", taken_at=at, panorama=True, plate_legible=legible, located=True
    )  # fmt: skip


def script(n: int, rng: random.Random) -> Iterator[Call]:
    """The life of one wrongly parked car."""
    at = MORNING + timedelta(seconds=rng.randrange(8 * 3600))
    new_id = f"m{n}"

    def act(actor: Actor, code: str, *, ok: bool = True, seen: datetime | None = None, **more: object) -> Call:
        facts = Facts(now=at, actor=actor, law=BOOK, calendar=CALENDAR, new_id=new_id)
        return Call(facts, ok, Command(act=code, received_at=at, observed_at=seen and seen.astimezone(CITY), **more))  # type: ignore[arg-type]

    def clock(key: str, after: timedelta) -> Call:
        return Call(Facts(now=after + at, actor=RUNNER, law=BOOK, calendar=CALENDAR), ok=True, key=key)

    values = {"plate": f"鲁P{n:05d}", "street": "柳园路"}
    if rng.random() < 0.04:
        yield act(URBAN, "record", ok=False, values=values, evidence=(photo("first", at, n, legible=False),))
    yield act(URBAN, "record", values=values, evidence=(photo("first", at, n),))
    if rng.random() < 0.05:
        yield clock("reach", timedelta(minutes=5, seconds=1))
        at += timedelta(minutes=7)
        yield act(URBAN, "gone")
        return
    at += timedelta(seconds=20)
    yield act(CARRIER, "reminder_accepted")
    accepted = at
    if rng.random() < 0.73:
        at += timedelta(minutes=rng.randrange(1, 10))
        yield act(URBAN, "gone", seen=at - timedelta(seconds=30))
        return
    yield clock("grace", timedelta(minutes=10, seconds=1))
    at = accepted + timedelta(minutes=12)
    if rng.random() < 0.05:  # the phone had no network: seen in time, told late
        yield act(URBAN, "gone", seen=accepted + timedelta(minutes=9))
        return
    if rng.random() < 0.1:
        yield act(TRAFFIC, "still_there", ok=False, evidence=(photo("second", accepted - timedelta(minutes=5), n),))
    yield act(TRAFFIC, "still_there", evidence=(photo("second", at, n + 1_000_000),))
    at += timedelta(hours=3)
    if rng.random() < 0.1:
        yield act(URBAN, "approve", ok=False)
    if rng.random() < 0.04:
        yield act(REVIEWER, "reject", values={"reason": "车辆故障"})
        return
    yield act(REVIEWER, "approve")
    if rng.random() < 0.03:
        at += timedelta(days=1)
        yield act(OWNER, "object", values={"reason": "当时正在装卸货物"})
        at += timedelta(days=2)
        yield act(REVIEWER, "deny", values={"reason": "监控显示无人装卸"})


def play(scripts: list[list[Call]]) -> int:
    """Plays all scripts; gives how many calls that were. Every answer is checked to be of the expected kind."""
    calls = 0
    for script_ in scripts:
        matter: Matter | None = None
        for call in script_:
            calls += 1
            if call.command is not None:
                answer = decide(PARKING, matter, call.command, call.facts)
            else:
                assert matter is not None
                occurrence = matter.deadlines[call.key].occurrence
                answer = lapse(PARKING, matter, call.key, occurrence, call.facts)
            if isinstance(answer, Decision) is not call.ok:
                raise AssertionError(answer)
            if isinstance(answer, Decision):
                matter = answer.matters[matter.id if matter is not None else call.facts.new_id]
    return calls


def rate() -> tuple[float, str]:
    """Decisions a second of the kernel that this process imports, and on what that was measured."""
    rng = random.Random(7)
    scripts = [list(script(n, rng)) for n in range(MATTERS)]
    kinds = [call for s in scripts for call in s]
    refused = sum(not c.ok for c in kinds)
    lapsed = sum(bool(c.key) for c in kinds)
    play(scripts)
    gc.collect()
    gc.freeze()  # the prepared calls are not the kernel's to look after
    rates = []
    for _ in range(ROUNDS):
        began = time.process_time()
        calls = play(scripts)
        rates.append(calls / (time.process_time() - began))
    gc.unfreeze()
    how = (
        f"{len(kinds)} calls on {MATTERS} parking matters ({refused} refused, {lapsed} lapses), decide and evolve, "
        f"median of {ROUNDS}, CPU time of one process"
    )
    return statistics.median(rates), how


def compiled() -> float | None:
    """The same in a process that imports the compiled kernel; nothing where no C compiler is."""
    made = subprocess.run([sys.executable, "scripts/compile.py"], stdout=subprocess.PIPE, text=True, check=False)
    if made.returncode == NO_COMPILER:
        return None
    made.check_returncode()
    path = os.pathsep.join([made.stdout.strip(), "."])
    done = subprocess.run(
        [sys.executable, "-m", "bench.kernel_decide"],
        env=os.environ | {"PYTHONPATH": path}, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return float(done.stdout)


def measure() -> Iterable[Row]:
    """The row: the compiled kernel, beside the same sources as Python."""
    plain, how = rate()
    quick = compiled()
    if quick is None:
        yield row("kernel.decide", plain, f"{how}; not compiled, there is no C compiler")
    else:
        yield row("kernel.decide", quick, f"{how}; compiled (scripts/compile.py)", peer="as Python", peer_value=plain)


BENCHES = (Bench(("kernel.decide",), measure),)

if __name__ == "__main__":
    if not act.__file__.endswith(".so"):
        raise SystemExit("this process was to import the compiled kernel")
    sys.stdout.write(f"{rate()[0]}\n")
