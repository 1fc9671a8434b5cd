"""A replay that can be killed anywhere: ``python -m bench.fraud_workload.restart DATA INTO`` goes on where it was and says each batch."""

from __future__ import annotations

import sys
from pathlib import Path

from guangyue.engines.fraud.catalogue import CATALOGUE
from guangyue.engines.fraud.ingest import Rejects, read_folder
from guangyue.engines.fraud.replay import Replay, threshold
from guangyue.engines.fraud.sources import SOURCES
from guangyue.engines.fraud.stream.plan import build

RULES = (("person.calls_abroad_24h", 3.0), ("person.out_new_count_24h", 2.0), ("person.risky_visits_24h", 3.0))


def replay(data: Path, into: Path) -> Replay:
    """The replay of a data folder, at the place where it was left."""
    plan = build(CATALOGUE, SOURCES)
    run = Replay(plan, threshold(plan, RULES), into, batch=200, every=4)
    run.run(read_folder(data, SOURCES, plan.columns, Rejects()), lambda done, _: print(done, flush=True))
    return run


if __name__ == "__main__":
    replay(Path(sys.argv[1]), Path(sys.argv[2]))
    print("end", flush=True)
