"""Everybody at once on one matter, schedule by schedule: ``python -m tests.faults.world.races 0-999``.

A schedule is a seed: it chooses the scene, who is interrupted where, and when PostgreSQL undoes a transaction. The threads
use real connections and wait for real locks; the stage decides who goes on at every statement.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from tests.faults.world.people import BOB
from tests.faults.world.stage import Stage
from tests.faults.world.wires import Faults, Line, Pools, wired

from guangyue.kernel import Actor, Command, Piece, Refusal
from guangyue.records.commands import Done, Order

START = datetime(2026, 9, 29, 1, tzinfo=UTC)
OFFICER = Actor(
    id="account:1", roles=frozenset({"urban_officer"}), agency="urban", level="county", unit="UM-D1",
    qualities=frozenset({"certified"}),
)  # fmt: skip
COLLEAGUE = replace(OFFICER, id="account:2")
REVIEWER = Actor(
    id="account:90", roles=frozenset({"traffic_reviewer"}), agency="traffic_police", level="county", unit="TP-D1",
    qualities=frozenset({"certified", "legally_qualified"}),
)  # fmt: skip
SECOND = replace(REVIEWER, id="account:91")
THIRD = replace(REVIEWER, id="account:92")
CARRIER = Actor(id="system:carrier", system="carrier")


@dataclass
class Race:
    """One schedule.

    Attributes:
        answers: what each who took part was told, by name.
    """

    stage: Stage
    world: Any
    root: psycopg.Connection[Any]
    dice: random.Random
    answers: dict[str, Done | Refusal | str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    numbers: int = 0

    def go_to(self, moment: datetime) -> None:
        """Set the clock."""
        self.stage.now = moment
        self.root.execute("update city_clock set anchor_city = %s, anchor_real = clock_timestamp(), rate = 0", [moment])

    def photo(self, which: str) -> Piece:
        self.numbers += 1
        return Piece(
            set=which,
            sha256=f"{self.numbers:064x}",
            taken_at=self.stage.now,
            panorama=True,
            plate_legible=True,
            located=True,
        )

    def order(self, act: str, actor: Actor, matter: str = "", *, key: str = "", **more: Any) -> Order:
        command = Command(act=act, received_at=self.stage.now, **more)
        return Order(
            command=command, actor=actor, matter=matter, procedure="" if matter else "streets.parking", key=key
        )

    def recording(self, key: str = "", actor: Actor = OFFICER) -> Order:
        values = {"plate": "鲁T10000", "street": "柳荫路"}
        return self.order("record", actor, key=key, values=values, evidence=(self.photo("first"),))

    def now(self, order: Order) -> Done:
        """Carried out at once, before the race."""
        from guangyue.records.commands import execute

        done = execute(order)
        assert isinstance(done, Done), done
        return done

    def reminded(self) -> str:
        """A matter whose ten minutes run."""
        self.go_to(START)
        ref = self.now(self.recording()).matter
        self.now(self.order("reminder_accepted", CARRIER, ref))
        return ref

    def in_review(self) -> str:
        """A matter handed over."""
        ref = self.reminded()
        self.go_to(START + timedelta(minutes=11))
        self.now(self.order("still_there", OFFICER, ref, evidence=(self.photo("second"),)))
        return ref

    def acting(self, name: str, order: Order) -> Callable[[], None]:
        """Somebody who gives an order."""
        from guangyue.records.commands import execute

        def work() -> None:
            self.answers[name] = execute(order)

        return work

    def firing(self) -> Callable[[], None]:
        """A runner that looks twice."""
        from guangyue.records.deadlines import fire_due
        from guangyue.records.library import LIBRARY

        def work() -> None:
            with self.world.connect() as line:
                assert isinstance(line, Line)
                for _ in range(2):
                    fire_due(line, LIBRARY)  # type: ignore[arg-type]  # a connection with boundaries

        return work

    def together(self, *works: Callable[[], None]) -> None:
        """All at once, until all have done."""
        for n, work in enumerate(works):
            self.stage.machine(f"p{n}", {"x": work}, fragile=False)
        self.stage.play(self.stage.now)
        self.stage.finish()

    def expect(self, holds: bool, what: str) -> None:
        if not holds:
            self.wrong.append(what)

    def done(self) -> list[str]:
        """Who was told that it is done."""
        return sorted(n for n, a in self.answers.items() if isinstance(a, Done))

    def acts(self, ref: str) -> Counter[str]:
        rows = self.root.execute(
            "select j.act from journal j join matter m on m.id = j.matter_id where m.ref = %s and j.kind = 'act'", [ref]
        )
        return Counter(act for (act,) in rows.fetchall())

    def sound(self, ref: str) -> None:
        """What holds for every matter: its chain, its clocks, its figures, and that every answer is in the journal."""
        from guangyue.records.figures import check
        from guangyue.records.seals.verify import verify

        row = self.root.execute("select id, state, seq from matter where ref = %s", [ref]).fetchone()
        assert row is not None
        id_ = row[0]
        with self.root.transaction():
            found = [f for f in verify(self.root, None, matter=id_).findings if f.code.startswith("journal")]
        self.expect(not found, f"chain: {found}")
        self.expect(not check(self.root, first=id_, last=id_), "figures differ")
        twice = self.root.execute(
            "select key, occurrence from deadline d join journal j on j.deadline_id = d.id where d.matter_id = %s"
            " group by 1, 2 having count(*) > 1",
            [id_],
        ).fetchall()
        self.expect(not twice, f"fired twice: {twice}")
        failing = self.root.execute("select key, last_error from deadline where matter_id = %s and attempts > 0", [id_])
        self.expect(not (bad := failing.fetchall()), f"failing: {bad}")
        known = {f"{ref}#{n}" for n in range(1, row[2] + 1)}
        for name, answer in self.answers.items():
            if isinstance(answer, Done) and answer.matter == ref:
                self.expect(
                    set(answer.entries) <= known, f"{name} was told of {answer.entries}, the journal has {row[2]}"
                )


def same_command_five_times(race: Race) -> None:
    """One key, five requests at once: one matter, and five times the same answer."""
    race.go_to(START)
    order = race.recording("the-key")
    race.together(*(race.acting(f"copy {n}", order) for n in range(5)))
    entries = {a.entries for a in race.answers.values() if isinstance(a, Done)}
    race.expect(len(race.done()) == 5 and len(entries) == 1, f"{race.answers}")
    race.expect(race.root.execute("select count(*) from matter").fetchone() == (1,), "more than one matter")
    race.sound(next(iter(entries))[0].partition("#")[0])


def cancel_against_fire(race: Race) -> None:
    """Two officers and two runners in the second in which the grace ends."""
    ref = race.reminded()
    race.go_to(START + timedelta(minutes=10, seconds=race.dice.choice((-1, 1))))
    late = race.stage.now > START + timedelta(minutes=10)
    race.together(
        race.acting("gone", race.order("gone", OFFICER, ref)), race.firing(), race.firing(),
        race.acting("gone too", race.order("gone", COLLEAGUE, ref)),
        race.acting("still", race.order("still_there", COLLEAGUE, ref, evidence=(race.photo("second"),))),
    )  # fmt: skip
    acts = race.acts(ref)
    race.expect(acts["gone"] + acts["still_there"] == len(race.done()), f"{acts} {race.done()}")
    race.expect(acts["gone"] <= 1 and (late or acts["still_there"] == 0), f"{acts}")
    (state,) = race.root.execute("select state from matter where ref = %s", [ref]).fetchone() or ("",)
    race.expect(state in ({"dropped", "in_review"} if late else {"left"}), f"late {late}, and it is {state}")
    race.sound(ref)


def three_reviewers(race: Race) -> None:
    """Approve, reject and admonish at once, and runners beside them: one of them, and an upload only with approval."""
    ref = race.in_review()
    race.together(
        race.acting("approve", race.order("approve", REVIEWER, ref, key="a", values={"measure": "warning"})),
        race.acting("again", race.order("approve", REVIEWER, ref, key="a", values={"measure": "warning"})),
        race.acting("reject", race.order("reject", SECOND, ref, values={"reason": "照片不清"})),
        race.acting("admonish", race.order(
            "admonish", THIRD, ref, values={"measure": "guide", "education": "一\n二"}, checks=frozenset({"slight"})
        )),
        race.firing(),
    )  # fmt: skip
    acts = race.acts(ref)
    race.expect(acts["approve"] + acts["reject"] + acts["admonish"] == 1, f"{acts}")
    race.expect(race.done() in (["again", "approve"], ["reject"], ["admonish"]), f"{race.done()}")
    sent = race.root.execute("select count(*) from outbox where channel = 'traffic_platform'").fetchone()
    race.expect(sent == (acts["approve"],), f"{sent} uploads for {acts}")
    race.sound(ref)


def objection_answered_twice(race: Race) -> None:
    """Upheld and denied at once."""
    ref = race.in_review()
    race.now(race.order("approve", REVIEWER, ref, values={"measure": "warning"}))
    race.now(race.order("object", BOB, ref, values={"reason": "车辆故障"}))
    race.together(
        race.acting("uphold", race.order("uphold", SECOND, ref, values={"reason": "属实"})),
        race.acting("deny", race.order("deny", THIRD, ref, values={"reason": "不属实"})),
        race.acting("own", race.order("deny", REVIEWER, ref, values={"reason": "不属实"})), race.firing(),
    )  # fmt: skip
    race.expect(race.done() in (["uphold"], ["deny"]), f"{race.done()}")
    erased = race.root.execute("select count(*) from outbox where key like '%:erase'").fetchone()
    race.expect(erased == (int(race.done() == ["uphold"]),), f"erased {erased} after {race.done()}")
    race.sound(ref)


def numbers_without_gaps(race: Race) -> None:
    """Four open matters at once, one of them is refused: the numbers of the day have no gap and nobody shares one."""
    race.go_to(START)
    bad = replace(race.recording(), command=replace(race.recording().command, evidence=()))
    orders = [race.recording(f"k{n}", a) for n, a in enumerate((OFFICER, COLLEAGUE, OFFICER))]
    race.together(race.acting("bad", bad), *(race.acting(f"{n}", o) for n, o in enumerate(orders)))
    race.expect(race.done() == ["0", "1", "2"], f"{race.done()}")
    given = [n for (n,) in race.root.execute("select number from matter order by number").fetchall()]
    (last,) = race.root.execute("select max(last) from number_series where series = ''").fetchone() or (0,)
    race.expect(len(set(given)) == 3 and last == 3, f"{given}, the series stands at {last}")


def role_removed(race: Race) -> None:
    """An officer acts twice from the web while an administrator takes the role away: who begins after that, may not."""
    from guangyue.city import clock
    from guangyue.city.errors import NotVisibleError
    from guangyue.city.models import RoleHolding
    from guangyue.city.viewer import viewer_for
    from guangyue.web.doing import Asked, do

    account, holding = _staff()
    ref = race.reminded()
    removed: list[int] = []
    late: list[str] = []

    def acting(name: str) -> Callable[[], None]:
        def work() -> None:
            race.stage.boundary()
            if removed:
                late.append(name)
            try:
                race.answers[name] = do(
                    viewer_for(account, at=clock.now(), strong=True), Asked(act="gone", matter=ref, key=name)
                )
            except NotVisibleError:
                race.answers[name] = "nothing there"

        return work

    def remove() -> None:
        RoleHolding.objects.filter(pk=holding).delete()
        removed.append(race.stage.steps)

    race.together(acting("first"), acting("second"), remove, race.firing())
    race.expect(not set(race.done()) & set(late), f"{race.done()} acted, {late} had no role any more")
    race.expect(race.acts(ref)["gone"] == len(race.done()) <= 1, f"{race.answers}")
    race.sound(ref)


def _staff() -> tuple[Any, int]:
    """An officer's account and the role it holds."""
    from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

    from guangyue.city.models import Account, Agency, Person, RoleHolding, Unit
    from guangyue.city.units import add_unit

    unit = Unit.objects.filter(code="UM-D1").first()
    if unit is None:
        agency = Agency.objects.create(code="urban", kind="urban", name_zh="城管局")
        unit = add_unit(agency, "UM-D1", "一中队", level="county", parent=None)
        Account.objects.create_user("racer", person=Person.objects.create(number="W-1"))
    account = Account.objects.get(username="racer")
    during = DateTimeTZRange(START - timedelta(days=1), None)
    holding = RoleHolding.objects.create(
        person=account.person, role="urban_officer", unit=unit, during=during, certificate="ZF-1"
    )
    RoleHolding.objects.exclude(pk=holding.pk).delete()
    return account, int(holding.pk)


SCENES = (
    same_command_five_times,
    role_removed, cancel_against_fire, three_reviewers, objection_answered_twice, numbers_without_gaps,
)  # fmt: skip


def schedule(seed: int, root: psycopg.Connection[Any], pools: Pools) -> tuple[Race, str]:
    """Play one; the race, and the name of its scene."""
    from tests.faults.world.city import wipe

    wipe(root)
    dice = random.Random(f"race {seed}")
    scene = SCENES[seed % len(SCENES)]
    stage = Stage(seed, START, root, restless=dice.choice((0.2, 0.5, 0.8)))
    with wired(stage, pools, Faults(abort=dice.choice((0.0, 0.0, 0.05)))) as world:
        race = Race(stage, world, root, dice)
        scene(race)
    return race, scene.__name__


def main() -> int:
    """Play, print a line for each that went wrong, and one for all."""
    from tests.faults.world.__main__ import _database, _say

    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("seeds", help="17, or 0-999")
    asked.add_argument("--plant", default="", help="a bug, to be found")
    given = asked.parse_args()
    first, _, last = given.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    with _database():
        import logging

        import django
        import structlog

        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        django.setup()
        began, failed, blocked, steps = time.perf_counter(), [], 0, 0
        from tests.faults.world.planted import planted

        with psycopg.connect(os.environ["GUANGYUE_TEST_ROOT"], autocommit=True) as root, planted(given.plant):
            pools = Pools(os.environ["DATABASE_URL"])
            for seed in seeds:
                race, name = schedule(seed, root, pools)
                blocked += race.stage.blocked_seen
                steps += race.stage.steps
                if race.wrong:
                    failed.append(seed)
                    _say(json.dumps({"seed": seed, "scene": name, "wrong": race.wrong}, ensure_ascii=False))
                    sys.stderr.write(f"again: python -m tests.faults.world.races {seed}\n")
            pools.close()
        spent = round(time.perf_counter() - began, 2)
        said = {"schedules": len(seeds), "sound": len(seeds) - len(failed), "failed": failed}
        _say(json.dumps({**said, "steps": steps, "blocked": blocked, "seconds": spent}))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
