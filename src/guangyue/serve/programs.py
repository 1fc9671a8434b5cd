"""What runs in an installation: the private database unless one is named, web workers, runners, and a first step before them."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass

from guangyue.records.postgres.private import cluster
from guangyue.serve.keeping import Patience, Program
from guangyue.serve.postgres import ORPHANED

__all__ = ["APPLICATION", "Plan", "database", "installation", "runners", "web_workers"]

APPLICATION = "guangyue.web.asgi:application"
EARLY = "guangyue.web.early"
"""What a web worker loads while the database recovers; it reads neither tables nor collected files."""
PATIENT = Patience(ready=300, silent=30, end=60, healthy=60)
"""With the database: its recovery may take minutes, and its orderly end writes everything to disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How many of what.

    Attributes:
        web: web workers. runners: runner processes. drain: seconds that requests in hand have when we end.
        migrate: whether the first step may change tables that are there.
        private: whether the database is ours to run; by default it is when ``DATABASE_URL`` names none.
    """

    web: int = 2
    runners: int = 1
    drain: float = 25.0
    migrate: bool = False
    private: bool | None = None

    @property
    def own_database(self) -> bool:
        """Whether the database is one of the programs."""
        return not os.environ.get("DATABASE_URL") if self.private is None else self.private


def installation(plan: Plan) -> list[Program]:
    """All programs of a plan; the database and the first step before the others."""
    behind = (*(("postgres",) if plan.own_database else ()),)
    first = Program(
        name="prepare", title="表结构与静态文件 · tables and static files", step=True, needs=behind,
        command=(sys.executable, "-m", "guangyue.serve.prepare", *(("--migrate",) if plan.migrate else ())),
        patience=Patience(ready=3600),
    )  # fmt: skip
    needs = (*behind, "prepare")
    return [
        *([database()] if plan.own_database else []),
        first,
        *web_workers(plan.web, needs=needs, drain=plan.drain),
        # Importing the product keeps a core busy: whoever knocks comes before what goes on behind the pages.
        *runners(plan.runners, needs=needs, lets_first=tuple(f"web-{n}" for n in range(1, plan.web + 1))),
    ]


def database() -> Program:
    """The private PostgreSQL."""
    return Program(
        name="postgres", title="数据库 · database", command=(sys.executable, "-m", "guangyue.serve.postgres"),
        patience=PATIENT, probe=cluster().probe(), end=signal.SIGINT, at_once=signal.SIGQUIT, orphaned=ORPHANED,
    )  # fmt: skip


def web_workers(number: int, *, needs: tuple[str, ...] = (), drain: float = 25.0, **more: object) -> list[Program]:
    """Web workers; they also hold the streams of events.

    Loading one keeps a core busy. One core is left to the database; where there are no more, the first worker that people
    wait for has the other one to itself.
    """
    together = max(1, (os.cpu_count() or 2) - 1)
    return [
        Program(
            name=f"web-{n}", title="网页与事件流 · pages and event streams", needs=needs, pulse=True, early=True, listens=True,
            command=(sys.executable, "-m", "guangyue.serve.worker", APPLICATION, "--early", EARLY), reloads=True,
            patience=Patience(end=drain), environment={"GUANGYUE_STATIC": "collected"},
            lets_first=tuple(f"web-{k}" for k in range(1, n + 1 - together)), **more,  # type: ignore[arg-type]
        )
        for n in range(1, number + 1)
    ]  # fmt: skip


def runners(number: int, *, needs: tuple[str, ...] = (), **more: object) -> list[Program]:
    """Runners: deadlines, outbox and links, seals, upkeep."""
    return [
        Program(
            name=f"runner-{n}" if number > 1 else "runner", title="时限、外发、封存 · deadlines, outbox, seals",
            needs=needs, pulse=True, command=(sys.executable, "-m", "guangyue", "runner"), reloads=True, **more,  # type: ignore[arg-type]
        )
        for n in range(1, number + 1)
    ]  # fmt: skip
