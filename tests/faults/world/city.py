"""One play: a town on a stage for two hours of city time, faults as its seed says, then everything heals and comes to rest."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import psycopg
from django.db import DatabaseError, connection
from psycopg import sql
from tests.faults.world.peers import Carrier, Uploads, Weather
from tests.faults.world.people import BOB, Car, Phone, Request, officers, reviewers
from tests.faults.world.stage import Stage
from tests.faults.world.wires import Faults, Pools, Stop, wired

from guangyue.kernel import Refusal
from guangyue.records.commands import Done, IdempotencyError, execute
from guangyue.records.outbox import revive

if TYPE_CHECKING:
    from guangyue.links.sms.channel import Receipt

__all__ = ["CARS", "HOURS", "START", "City", "furnish", "wipe"]

START = datetime(2026, 9, 29, 1, tzinfo=UTC)
HOURS = 2
LEASE = timedelta(seconds=30)
"""Shorter than in life, and just longer than the slowest answer here: batches outlive it more often."""
CARS = 4
PLATES = tuple(f"鲁T{10000 + n}" for n in range(CARS))
WIPED = """
    matter, task, relation, involvement, personal_value, party, document, document_file, subject, number_series, piece,
    change, deadline, alarm, channel, outbox, tally, figure_day, journal, command, access_log, access_day, seal, seal_leaf,
    seal_node, links_shortmessage
""".replace("\n", "").split(",")


def furnish(root: psycopg.Connection[Any]) -> None:
    """What every play finds: cars, their owners, and keys."""
    from guangyue.city.models import Person
    from guangyue.links.models import Vehicle

    if Vehicle.objects.exists():
        return
    for n, plate in enumerate(PLATES):
        owner = Person.objects.create(number=f"R-{n}", name="禾知秋", phone=f"+86172000000{n:02}")
        Vehicle.objects.create(plate=plate, plate_kind="ordinary", owner=owner)


def wipe(root: psycopg.Connection[Any]) -> None:
    """As if nothing had ever happened: a play depends on its seed alone."""
    with root.transaction():
        root.execute("set local session_replication_role = replica")
        for table in WIPED:
            root.execute(sql.SQL("delete from {}").format(sql.Identifier(table.strip())))
        root.execute(
            "select setval(s.oid::regclass, 1, false) from pg_class s"
            " where s.relkind = 'S' and s.relname in ('matter_id_seq', 'deadline_id_seq', 'outbox_id_seq', 'tally_id_seq')"
        )
    shutil.rmtree(Path(os.environ["GUANGYUE_HOME"]) / "seals", ignore_errors=True)


@dataclass
class City:
    """Everything of one play.

    Attributes:
        claims: per matter, when somebody last truly saw the car still there. graces: per matter, when grace was confirmed.
    """

    seed: int
    root: psycopg.Connection[Any]
    pools: Pools
    calm: bool = False
    stage: Stage = field(init=False)
    post: dict[str, list[Request]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    claims: dict[str, datetime] = field(default_factory=dict)
    answered_500: int = 0
    contradictions: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        wipe(self.root)
        self.root.execute("update city_clock set anchor_city = %s, anchor_real = clock_timestamp(), rate = 0", [START])
        rough = random.Random(f"weather {self.seed}")
        self.dice = random.Random(f"people {self.seed}")
        self.stage = Stage(self.seed, START, self.root, restless=rough.choice((0.0, 0.05, 0.2)))
        bad = 0.0 if self.calm else rough.choice((0.0, 0.3, 1.0))

        def some(most: float) -> float:
            return bad * rough.choice((0.0, most / 3, most))

        self.faults = Faults(abort=some(0.03), cut=some(0.01), silent=some(0.03), kill=some(0.012))
        slow = rough.choice((1.0, 1.0, 9.0)) if bad else 1.0
        weather = Weather(
            slow=slow, busy=some(0.3), refuse=some(0.1), lose=some(0.2), silent=some(0.2), twice=some(0.3)
        )
        self.weather = weather
        self.carrier = Carrier(self.stage, weather, rough.random() < 0.5, self.receipt, self.faults.kill)
        self.uploads = Uploads(self.stage, weather, _public(), self.faults.kill)
        self.owner = Phone(self, BOB, field_app=False)
        self.patrol = officers(self, 3)
        self.desks = reviewers(self, 2)
        self.batch = rough.choice((2, 50))

    # --- the play ----------------------------------------------------------------------------------------------

    def play(self) -> None:
        """Two hours with faults, then as long as it takes without."""
        with self._staged() as world:
            for name, threads in (("web-1", 2), ("web-2", 1)):
                self.post[name] = []
                self.stage.machine(name, {f"w{n}": self._serving(name) for n in range(threads)})
            for name in ("runner-1", "runner-2"):
                self.stage.machine(name, self._behind())
            self.stage.on_death = lambda m: self.post.get(m.name, []).clear()
            self._script()
            self.stage.play(START + timedelta(hours=HOURS))
            self.stage.say("everything heals")
            world.faults = self.faults = Faults()
            self.carrier.weather = self.uploads.weather = replace(Weather(), slow=1.0)
            self.carrier.deadly = self.uploads.deadly = 0.0
            for phone in (*self.patrol, *self.desks, self.owner):
                phone.lose = phone.twice = 0.0
                phone.connect(online=True)
            for _ in range(20):
                self.stage.play(self.stage.now, self._at_rest)
                if not self._asked_the_carrier():
                    break
            self.stage.finish()

    def _script(self) -> None:
        dice, stage = self.dice, self.stage
        for plate in PLATES:
            came = START + timedelta(seconds=dice.uniform(1, 3600))
            stay = dice.choice((dice.uniform(60, 900), dice.uniform(500, 700), 1e6))
            car = Car(self, plate, came + timedelta(seconds=stay), dice.sample(self.patrol, k=2))
            stage.at(came, car.seen)
        for phone in self.patrol:
            if dice.random() < 0.5 and not self.calm:
                gone = dice.uniform(0, 5000)
                stage.after(gone, lambda phone=phone: phone.connect(online=False))
                stage.after(gone + dice.uniform(60, 2400), lambda phone=phone: phone.connect(online=True))

    def _at_rest(self) -> bool:
        waiting = any(phone.queue for phone in (*self.patrol, *self.desks, self.owner))
        pending = self.root.execute(
            "select 1 from outbox where sent_at is null and dead_at is null and channel in ('sms', 'traffic_platform')"
            " union all select 1 from deadline where status = 'pending' and coalesce(next_attempt_at, due_at) < city_now()"
        ).fetchone()
        return not waiting and pending is None

    def _asked_the_carrier(self) -> bool:
        """The operator looks at the dead letters: what the carrier never had is sent again, the rest is let lie."""
        dead = self.root.execute("select id, channel, key from outbox where dead_at is not null and sent_at is null")
        out = {s.key for s in self.carrier.sent} | self.carrier.refused
        again = [id_ for id_, channel, key in dead.fetchall() if channel != "sms" or key not in out]
        return bool(again) and bool(revive(self.root, again))

    # --- between people and records ----------------------------------------------------------------------------

    def arrive(self, request: Request) -> None:
        """A copy of a request reaches one of the web processes that are up."""
        up = [m for m in self.stage.machines if m.name in self.post and not m.dead]
        if up:
            to = self.dice.choice(up)
            self.post[to.name].append(request)
            self.stage.wake("post", to)

    def receipt(self, receipt: Receipt) -> None:
        """The carrier says what became of a part; it has a way in of its own."""
        from guangyue.links.sms.receipts import take

        take(receipt)

    def state(self, matter: str) -> str:
        """What a screen shows."""
        row = self.root.execute("select state from matter where ref = %s", [matter]).fetchone()
        return row[0] if row else ""

    def grace(self, matter: str) -> datetime | None:
        """When the countdown on a screen ends."""
        row = self.root.execute(
            "select d.due_at from deadline d join matter m on m.id = d.matter_id"
            " where m.ref = %s and d.key = 'grace' and d.status = 'pending'",
            [matter],
        ).fetchone()
        return row[0] if row else None

    def _serving(self, name: str) -> Callable[[], None]:
        def work() -> None:
            while True:
                while not self.post[name]:
                    self.stage.wait("post")
                request = self.post[name].pop(0)
                self.stage.boundary(self.faults.kill)
                answer = self._carry_out(request)
                self.stage.boundary(self.faults.kill)
                if answer is not None:
                    request.phone.answered(request, answer)

        return work

    def _carry_out(self, request: Request) -> Done | Refusal | None:
        connection.close_if_unusable_or_obsolete()
        connection.ensure_connection()
        away = tuple(p.actor.id for p in self.patrol if not p.online and p.queue)
        try:
            answer = execute(replace(request.order, waiting_devices=away))
        except IdempotencyError as wrong:
            self.contradictions.append(f"{request.key}: {wrong}")
            return None
        except (DatabaseError, psycopg.Error) as trouble:
            self.stage.say(f"500 {type(trouble).__name__}")
            self.answered_500 += 1
            connection.close()
            return None
        said = sorted(answer.codes) if isinstance(answer, Refusal) else f"{answer.state} {answer.entries}"
        self.stage.say(f"{request.order.command.act} [{request.key}] → {said}")
        return answer

    def _behind(self) -> dict[str, Callable[[], None]]:
        from guangyue.records import supervise

        def keep(name: str) -> Callable[[], None]:
            def work() -> None:
                parts = supervise.parts(self.pools.dsn, seal_every=1200.0)
                made = supervise.Supervisor(parts)
                made.stop = made.turns[name] = Stop(self.stage)  # an event whose waiting takes city time
                made._keep(name, parts[name])

            return work

        return {name: keep(name) for name in supervise.PARTS}

    @contextlib.contextmanager
    def _staged(self) -> Iterator[Any]:
        from guangyue.links.sms import outbox as sms
        from guangyue.links.traffic_platform import outbox as platform
        from guangyue.records import supervise
        from guangyue.records.outbox import dispatch

        with contextlib.ExitStack() as stack:
            for where, name, what in (
                (sms, "channel", lambda: self.carrier), (platform, "exchange", self.uploads.exchange),
                (supervise, "UPKEEP", 1200.0), (dispatch, "LEASE", LEASE),
            ):  # fmt: skip
                stack.enter_context(patch.object(where, name, what))
            yield stack.enter_context(wired(self.stage, self.pools, self.faults))


def _public() -> Any:
    from guangyue.links.traffic_platform.settings import key_file
    from guangyue.links.traffic_platform.signing import private_key

    return private_key(key_file()).public_key()
