"""Lists and filters over a million matters, four people looking at once.

    python -m bench.records_million LOOKER SEED LOOKS      (one of the four, in a process of its own)

The lookers are a station's officer, a county's head (ten units), the head of an agency (sixty units) and the city's
oversight, each asking through the access functions what a page asks: scope, filters, a page of fifty, the next clock of
every line. The mix is the console's: work lists, deadlines, searches, a plate, a place, a month long past, deep pages.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg

from bench.records_fill import fill
from bench.records_home import ROOT, app_dsn, bench_cluster, make
from bench.records_procedure import PARKING
from bench.table import Bench, Row, row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guangyue.city.viewer import Viewer
    from guangyue.records.library import Library
    from guangyue.records.matters import Asked

MATTERS = 1_000_000
UNITS, AGENCIES, COUNTIES = 60, 1, 6
LOOKERS = ("officer", "county", "agency", "oversight")
LOOKS = 120
CODES = ("streets.parking", "streets.stalls", "streets.signs")


def library() -> Library:
    """Three procedures of the same shape."""
    from guangyue.records.library import Library as Known

    known = Known()
    for code in CODES:
        known.register(replace(PARKING, code=code))
    return known


def people(db: psycopg.Connection[Any]) -> None:
    """An agency of six counties with ten units each, and who once had each matter."""
    db.execute("insert into city_agency (code, kind, name_zh, name_en) values ('urban', 'urban', '城管局', '')")
    agency = "(select id from city_agency)"
    unit = (
        "insert into city_unit (agency_id, parent_id, code, level, name_zh, name_en, path)"  # noqa: S608 - our own words
        f" values ({agency}, (select id from city_unit where code = %s), %s, %s, %s, '', %s)"
    )
    db.execute(unit, [None, "bureau", "city", "bureau", "000001"])
    for county in range(COUNTIES):
        path = f"000001{county:06}"
        db.execute(unit, ["bureau", f"county{county}", "county", f"county{county}", path])
        for n in range(county, UNITS, COUNTIES):
            db.execute(unit, [f"county{county}", f"unit{n}", "station", f"unit{n}", f"{path}{n:06}"])
    db.execute(
        "insert into involvement (unit, matter_id, since, opened_at) select holder, id, opened_at, opened_at from matter"
    )
    db.execute(
        "insert into involvement (unit, matter_id, since, opened_at)"
        " select 'unit' || (id * 7 % 60), id, opened_at, opened_at from matter where id % 3 = 0 on conflict do nothing"
    )
    db.execute("vacuum (analyze) involvement, matter, city_unit")


def viewer(looker: str) -> Viewer:
    """Somebody with the looker's roles; what a request works out in one query is given."""
    from guangyue.city.viewer import Held
    from guangyue.city.viewer import Viewer as Who

    def held(role: str, code: str, path: str, *, below: bool, agency: str = "urban", level: str = "station") -> Held:
        return Held(
            role=role, agency=agency, agency_code=agency, level=level, unit_id=1, unit_code=code, path=path, below=below,
            certificate="",
        )  # fmt: skip

    roles = {
        "officer": held("urban_officer", "unit7", "000001000001000007", below=False),
        "county": held("urban_officer", "county1", "000001000001", below=True),
        "agency": held("urban_officer", "bureau", "000001", below=True),
        "oversight": held("supervisor", "mayor", "000002", below=True, agency="government", level="city"),
    }
    return Who(account_id=1, kind="staff", held=(roles[looker],), strong=True, at=datetime.now(UTC))


def questions(dice: random.Random, start: datetime) -> dict[str, Asked]:
    """One of each kind that pages ask."""
    from guangyue.records.matters import Asked as A  # noqa: N817 - said sixteen times below

    day = start + timedelta(days=dice.randrange(5, 70))
    return {
        "work list": A(open=True),
        "work list by deadline": A(order="deadline"),
        "everything, newest": A(),
        "closed": A(open=False),
        "one state": A(states=(dice.choice(("in_review", "overdue")),)),
        "procedure and states": A(procedures=("streets.signs",), states=("noticed", "reminded"), open=True),
        "a procedure": A(procedures=("streets.stalls",)),
        "due soon": A(due_before=datetime.now(UTC) + timedelta(days=2), order="deadline"),
        "one day long past": A(opened_from=day, opened_until=day + timedelta(days=1)),
        "one unit": A(units=("unit7",), open=True),
        "once involved": A(where="involved"),
        "once involved, one state": A(where="involved", states=("decided",)),
        "a number": A(text=f"GY-{dice.randrange(1, MATTERS):08}"),
        "a subject": A(subject=b"plate %d" % dice.randrange(400_000)),
        "a block": A(cells=tuple(617_700_000_000 + dice.randrange(20_000) for _ in range(37))),
        "a place": A(place=f"柳园路{dice.randrange(3000)}号"),
    }


def look(looker: str, seed: int, looks: int) -> dict[str, list[float]]:
    """Ask, and say how long each answer took, in milliseconds."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "guangyue.web.settings"
    django.setup()
    from guangyue.records.database import db
    from guangyue.records.matters import matters_for

    dice, known, who = random.Random(seed), library(), viewer(looker)
    start = db().execute("select min(opened_at) from matter").fetchone()[0]  # type: ignore[index]
    times: dict[str, list[float]] = {}
    matters_for(who, library=known)
    for _ in range(looks):
        kind, asked = dice.choice(list(questions(dice, start).items()))
        began = time.perf_counter()
        page = matters_for(who, asked, library=known)
        times.setdefault(kind, []).append(1000 * (time.perf_counter() - began))
        for _ in range(2 if page.next and dice.random() < 0.3 else 0):
            if page.next:
                began = time.perf_counter()
                page = matters_for(who, replace(asked, after=page.next), library=known)
                times.setdefault("the next page", []).append(1000 * (time.perf_counter() - began))
    return times


def measure(matters: int = MATTERS, looks: int = LOOKS) -> Iterable[Row]:
    """Fill, then let all four look at once."""
    with bench_cluster() as cluster:
        make(cluster, "million")
        dsn = cluster.dsn("million")
        fill(dsn, matters=matters, entries=0, units=UNITS, agencies=AGENCIES, deadlines=True)
        with psycopg.connect(dsn, autocommit=True) as db:
            people(db)
        environment = os.environ | {
            "DATABASE_URL": app_dsn(dsn), "GUANGYUE_HOME": str(cluster.data.parent),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        }  # fmt: skip
        command = [sys.executable, "-m", "bench.records_million"]
        running = [
            subprocess.Popen([*command, who, str(n), str(looks)], env=environment, stdout=subprocess.PIPE, text=True)
            for n, who in enumerate(LOOKERS)
        ]
        said = [json.loads(process.communicate(timeout=600)[0].splitlines()[-1]) for process in running]
    every = sorted(ms for times in said for kind in times.values() for ms in kind)
    p95 = every[int(0.95 * len(every))]
    slow = sorted(
        (
            (statistics.median(ms), who, kind)
            for who, times in zip(LOOKERS, said, strict=True)
            for kind, ms in times.items()
        ),
        reverse=True,
    )[:3]
    worst = "; ".join(f"{who}, {kind} {ms:.0f}" for ms, who, kind in slow)
    how = f"{len(every)} lists of {matters:,}; p50 {statistics.median(every):.1f}, p99 {every[int(0.99 * len(every))]:.0f} ms; slowest medians: {worst}"
    yield row("records.million", p95, how)


BENCHES = (Bench(("records.million",), measure),)

if __name__ == "__main__":
    print(json.dumps(look(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
