"""The product as the web benches meet it: a durable database, staff of two agencies, and the real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.installation import ROOT, installation

from guangyue.records.postgres import Cluster

__all__ = ["BENCHES", "ROOT", "Site", "quantile", "site"]

BENCHES = ()


@dataclass(frozen=True, slots=True)
class Site:
    """Where it runs, as whom one may knock, and how to reach its database."""

    address: str
    home: Path
    environment: dict[str, str]
    cluster: Cluster
    people: dict[str, dict[str, str]]


def quantile(values: list[float], share: float) -> float:
    """The smallest value that so large a share does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


@contextmanager
def site(*, workers: int = 2, fill: str = "") -> Iterator[Site]:
    """Database, people, server; ``fill`` names what `bench.web_people` does before the server starts."""
    with installation() as made:
        people = json.loads(made.run("-m", "bench.web_people", made.cluster.dsn("guangyue"), fill))
        with made.served(workers=workers) as address:
            yield Site(address, made.home, made.environment, made.cluster, people)
