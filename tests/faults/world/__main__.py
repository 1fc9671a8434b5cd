"""Play seeds: ``python -m tests.faults.world 0-199``; one seed with its story: ``python -m tests.faults.world 17 --tell``.

Without ``DATABASE_URL`` a private PostgreSQL is made and removed. ``--plant NAME`` breaks the product on purpose (see
``planted.py``) to show that the plays would notice.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[3]


def main() -> int:
    """Play, print a line of JSON a seed that failed, and one for all."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("seeds", help="17, or 0-199")
    asked.add_argument("--tell", action="store_true", help="the story of each seed")
    asked.add_argument("--plant", default="", help="a bug, to be found")
    asked.add_argument("--until-found", action="store_true", help="stop at the first violation")
    given = asked.parse_args()
    first, _, last = given.seeds.partition("-")
    with _database():
        return _play(range(int(first), int(last or first) + 1), given)


def _play(seeds: range, given: argparse.Namespace) -> int:
    import django
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    django.setup()
    import psycopg
    from tests.faults.world.checks import violations
    from tests.faults.world.city import START, City, furnish
    from tests.faults.world.planted import planted
    from tests.faults.world.wires import Pools

    total = {"seeds": 0, "sound": 0, "steps": 0, "kills": 0, "blocked": 0, "errors": 0, "commands": 0, "sms": 0}
    simulated, failed = timedelta(), []
    with psycopg.connect(os.environ["GUANGYUE_TEST_ROOT"], autocommit=True) as root, planted(given.plant):
        furnish(root)
        pools = Pools(os.environ["DATABASE_URL"])
        began = time.perf_counter()
        for seed in seeds:
            city = City(seed, root, pools)
            try:
                city.play()
                wrong = violations(city)
            except AssertionError as stuck:
                wrong = [f"{type(stuck).__name__}: {stuck}"]
            total["seeds"] += 1
            total["sound"] += not wrong
            simulated += city.stage.now - START
            for name, value in (
                ("steps", city.stage.steps), ("kills", city.stage.deaths), ("blocked", city.stage.blocked_seen),
                ("errors", city.answered_500), ("commands", len(city.requests)), ("sms", len(city.carrier.sent)),
            ):  # fmt: skip
                total[name] += value
            if wrong:
                failed.append(seed)
                _say(json.dumps({"seed": seed, "violations": wrong}, ensure_ascii=False))
                plant = f" --plant {given.plant}" if given.plant else ""
                sys.stderr.write(f"again: python -m tests.faults.world {seed} --tell{plant}" + "\n")
            if given.tell:
                _say("\n".join(city.stage.story))
            if wrong and given.until_found:
                break
        spent = time.perf_counter() - began
        pools.close()
    speed = simulated.total_seconds() / spent
    _say(json.dumps({**total, "failed": failed, "seconds": round(spent, 2), "speed": round(speed)}))
    return 1 if failed else 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextlib.contextmanager
def _database() -> Iterator[None]:
    """The database of the environment, or one of our own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guangyue.web.settings")
    os.environ |= {"GUANGYUE_SMS": "local", "GUANGYUE_TRAFFIC_PLATFORM": "http://127.0.0.1:9/"}
    if os.environ.get("GUANGYUE_TEST_ROOT"):
        yield
        return
    from guangyue.records.postgres import APP_ROLE, DATABASE, OWNER_ROLE, Cluster
    from guangyue.records.postgres.private import prepare

    home = Path(tempfile.mkdtemp(prefix="guangyue-play-"))
    cluster = Cluster(home / "postgres", settings={"fsync": "off", "full_page_writes": "off"})
    try:
        cluster.start()
        prepare(cluster)
        os.environ |= {
            "GUANGYUE_HOME": str(home), "DATABASE_URL": cluster.dsn(DATABASE, APP_ROLE),
            "DATABASE_OWNER_URL": cluster.dsn(DATABASE, OWNER_ROLE), "GUANGYUE_TEST_ROOT": cluster.dsn(DATABASE),
        }  # fmt: skip
        import subprocess

        made = [sys.executable, "-m", "guangyue.cli", "db", "migrate"]
        subprocess.run(made, check=True, capture_output=True)
        yield
    finally:
        cluster.stop("immediate")
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
