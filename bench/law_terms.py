"""Deadlines with working days, from the rule and a moment to the instant it ends, beside two calendar libraries.

Ours does more in a computation: it reads the moment's city day, keeps the rule's marks and answers an instant with its
calendar version; the peers are given bare dates. The days must be equal.
"""

from __future__ import annotations

import json
import random
import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench.peers import PeerMissingError, python
from bench.table import Bench, Row, row
from guangyue.law import BOOK, CALENDAR, CITY, Unit, due

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guangyue.law import TermRule

HERE = Path(__file__).parent
COUNT, ROUNDS, OF_PEERS = 100_000, 7, 5_000
FIRST, LAST = datetime(2021, 7, 15, tzinfo=CITY), datetime(2026, 10, 31, tzinfo=CITY)


def work() -> list[tuple[TermRule, datetime]]:
    """Random moments, each with one of the working-day terms in force at that moment."""
    chance = random.Random(20261122)
    span = int((LAST - FIRST).total_seconds())
    rules = [rule for rule in BOOK if rule.span.unit is Unit.WORKING_DAY]
    found = []
    while len(found) < COUNT:
        rule, start = chance.choice(rules), FIRST + timedelta(seconds=chance.randrange(span))
        if rule.in_force(start):
            found.append((rule, start))
    return found


def terms() -> Iterator[Row]:
    """Computations a second, median of the rounds."""
    questions = work()
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for rule, start in questions:
            due(rule, start, CALENDAR)
        took.append(time.process_time() - began)
    speed = COUNT / sorted(took)[ROUNDS // 2]
    how = f"{COUNT:,} working-day terms of the catalogue, CPU time of one process, median of {ROUNDS} rounds; due() from rule and moment"
    asked = [(start.date().isoformat(), rule.span.amount) for rule, start in questions[:OF_PEERS]]
    try:
        peers = subprocess.run(
            [str(python("workdays")), str(HERE / "peers" / "workdays_peers.py")],
            input=json.dumps(asked), capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (PeerMissingError, subprocess.CalledProcessError) as error:
        yield row("law.terms", speed, f"{how}; peers missing: {error}", ok=False)
        return
    ours = [
        (due(rule, start, CALENDAR).at.astimezone(CITY) - timedelta(days=1)).date().isoformat()
        for rule, start in questions[:OF_PEERS]
    ]
    for name, said in json.loads(peers.stdout).items():
        differ = sum(a != b for a, b in zip(ours, said["answers"], strict=True))
        yield row(
            "law.terms", speed, f"{how}; {differ} of {OF_PEERS:,} days differ from {name}",
            peer=name, peer_value=OF_PEERS / said["seconds"], ok=not differ,
        )  # fmt: skip


BENCHES = (Bench(("law.terms",), terms),)
