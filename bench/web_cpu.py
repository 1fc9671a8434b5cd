"""``python -m bench.web_cpu [FILL]``: processor time of each kind of request, in one process without a server.

``FILL`` as in `bench.web_people`; one that begins with ``streets-`` asks for the street desk's pages, as its headquarters
or as ``--login`` says.

A figure for whoever makes pages quicker: it hardly depends on what else the machine does. No bar stands on it.
With ``--profile PATH`` the functions that one address spends its time in.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import subprocess
import sys
import time
from typing import Any

from bench.streets_million import PAGES
from bench.web_stage import ROOT, ground

__all__ = ["BENCHES", "KINDS"]

BENCHES = ()
KINDS = (
    "/health", "/console/", "/console/?view=due", "/console/?view=closed", "/console/?state=in_review",
    "/console/?state=overdue", "/console/?from=2026-09-01&until=2026-09-30", "/console/?where=involved",
    "/console/rows?view=closed&state=decided", "/console/?q=GY-00010000", "/console/map/matters.geojson",
    "/console/figures", "open matter", "closed matter", "/api/matters?most=50", "/api/matters?order=deadline",
    "/api/matters?state=left&open=false", "/console/changes?since=now",
)  # fmt: skip
ROUNDS = 12


def main() -> None:
    """With a database: measure in a process of its own, under its settings."""
    given = argparse.ArgumentParser()
    given.add_argument("fill", nargs="?", default="20000")
    given.add_argument("--profile", default="")
    given.add_argument("--login", default="")
    given.add_argument("--people", default="")
    asked = given.parse_args()
    streets = asked.fill.startswith("streets-")
    if asked.people:
        _measure(json.loads(asked.people), asked.login, asked.profile, PAGES if streets else KINDS)
        return
    with ground(asked.fill) as (made, people):
        command = [
            sys.executable, "-m", "bench.web_cpu", asked.fill, "--people", json.dumps(people), "--profile", asked.profile,
            "--login", asked.login or ("headquarters" if streets else "officer0"),
        ]  # fmt: skip
        subprocess.run(command, cwd=ROOT, env=made.environment, check=True)


def _measure(people: dict[str, dict[str, str]], login: str, profile: str, kinds: tuple[str, ...]) -> None:
    import django

    django.setup()
    import psycopg
    from django.test import Client

    asked = [0]
    execute = psycopg.Cursor.execute

    def counted(*given: Any, **more: Any) -> Any:  # noqa: ANN401 - psycopg's own signature
        asked[0] += 1
        return execute(*given, **more)

    psycopg.Cursor.execute = counted  # type: ignore[method-assign,assignment]

    who = people[login]
    client = Client(SERVER_NAME="127.0.0.1", headers={"cookie": f"session={who['session']}"})
    program = Client(SERVER_NAME="127.0.0.1", headers={"authorization": f"Bearer {who['token']}"})

    def matter(more: str) -> str:
        items = program.get(f"/api/matters?most=50{more}").json()["items"]
        return f"/console/matters/{items[7]['id']}"

    from guangyue.records.matters import cursor_now

    paths = {} if kinds is PAGES else {"open matter": matter("&open=true"), "closed matter": matter("&open=false")}
    paths["/console/changes?since=now"] = f"/console/changes?since={cursor_now()}"
    for kind in [profile] if profile else kinds:
        path = paths.get(kind, kind)
        asks = program if path.startswith("/api/") else client
        asks.get(path)
        asked[0] = 0
        answer = asks.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        queries = asked[0]
        watch = cProfile.Profile() if profile else None
        processor, wall = [], []
        for _ in range(ROUNDS):
            began, spent = time.perf_counter(), time.process_time()
            if watch:
                watch.enable()
            asks.get(path)
            if watch:
                watch.disable()
            processor.append((time.process_time() - spent) * 1000)
            wall.append((time.perf_counter() - began) * 1000)
        middle = ROUNDS // 2
        print(
            f"{sorted(processor)[middle]:7.1f} ms CPU {sorted(wall)[middle]:7.1f} ms wall {queries:3d} queries"
            f" {len(answer.content):8,d} bytes  {kind}"
        )
        if watch:
            pstats.Stats(watch).sort_stats("cumulative").print_stats(int(os.environ.get("LINES", "60")))


if __name__ == "__main__":
    main()
