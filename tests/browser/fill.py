"""Fills the stage: the demo city, some days of joint enforcement, one matter in each state; and opens sessions.

``python -m tests.browser.fill DSN`` takes requests as lines of JSON and answers each with one: ``["fill", "small"]``,
``["session", LOGIN]``, ``["story", STATE]``, ``["clock", MOMENT]``. One process for all of them, because starting one costs seconds.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sys
import tempfile
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import django

ANSWERS = os.fdopen(os.dup(1), "w")  # what the product logs is no answer
os.dup2(2, 1)
django.setup()

import psycopg  # noqa: E402 - after the set-up
from django.conf import settings  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402
from tests.browser.joint import joint  # noqa: E402
from tests.web.plans import write_plan  # noqa: E402

from guangyue.city import clock  # noqa: E402
from guangyue.city.models import Account  # noqa: E402
from guangyue.city.viewer import Viewer, viewer_for  # noqa: E402
from guangyue.demo.city.layers import write_layers  # noqa: E402
from guangyue.demo.city.load import load  # noqa: E402
from guangyue.demo.city.model import City  # noqa: E402
from guangyue.demo.city.whole import demo_city  # noqa: E402
from guangyue.kernel import Actor, Command  # noqa: E402
from guangyue.records.commands import Done, Order, execute  # noqa: E402
from guangyue.records.database import db  # noqa: E402
from guangyue.records.deadlines.fire import fire_due  # noqa: E402
from guangyue.records.evidence.receive import Origin, receive  # noqa: E402
from guangyue.records.library import LIBRARY  # noqa: E402
from guangyue.web.doing import Asked, Shown, do  # noqa: E402

CARRIER = Actor(id="carrier", system="carrier")
DAYS = 5
RESIDENTS = 300
SCENES = ("#8a9099", "#5d6b78", "#a8644a", "#3d5a73", "#d8d4c8")


class Street:
    """Some days of work, told with the city's clock in our hands."""

    def __init__(self, city: City, superuser: str) -> None:
        self.dice = random.Random(7)
        self.city = city
        self.owner = psycopg.connect(superuser, autocommit=True)
        self.viewers: dict[str, Viewer] = {}
        self.numbers = 0

    def clock(self, at: datetime) -> None:
        """City time from now on; it goes on by itself."""
        self.owner.execute("update city_clock set anchor_city = %s, anchor_real = clock_timestamp()", [at])

    def fire(self) -> None:
        with db().transaction():
            fire_due(db(), LIBRARY)

    def viewer(self, login: str) -> Viewer:
        if login not in self.viewers:
            self.viewers[login] = viewer_for(Account.objects.get(username=login), at=clock.now(), strong=True)
        return self.viewers[login]

    def do(self, login: str, act: str, matter: str = "", **more) -> str:
        self.numbers += 1
        asked = Asked(act=act, matter=matter, key=uuid.uuid4().hex, **more)
        done = do(self.viewer(login), asked)
        assert isinstance(done, Done), [r.text.zh for r in done.reasons]
        return done.matter

    def machine(self, act: str, matter: str, **more) -> None:
        command = Command(act=act, received_at=clock.now(), **more)
        done = execute(Order(command=command, actor=CARRIER, matter=matter))
        assert isinstance(done, Done), done

    def shots(self, login: str, which: str, plate: str, at: datetime, spot: tuple[float, float]) -> list[Shown]:
        """A drawn picture of a car, taken now: nobody is on it."""
        picture = Image.new("RGB", (640, 480), self.dice.choice(SCENES))
        pen = ImageDraw.Draw(picture)
        pen.rectangle((0, 300, 640, 480), fill="#4a4d52")
        pen.polygon([(150, 300), (200, 220), (420, 220), (480, 300)], fill="#1f2a36")
        pen.rounded_rectangle(
            (110, 290, 540, 390), 26, fill=self.dice.choice(("#c9ccd1", "#7c1f1f", "#23415f", "#f2f2ee"))
        )
        for x in (200, 450):
            pen.ellipse((x - 38, 350, x + 38, 426), fill="#14171b")
        pen.rectangle((270, 345, 380, 375), fill="#1f4e9e")
        pen.text((282, 352), plate[1:], fill="#ffffff")
        pen.text((14, 450), f"{at:%Y-%m-%d %H:%M:%S} {self.numbers}", fill="#ffffff")
        with tempfile.NamedTemporaryFile(suffix=".jpg", delete=False) as file:
            picture.save(file, "JPEG", quality=82)
        account = Account.objects.get(username=login)
        sha256 = hashlib.sha256(Path(file.name).read_bytes()).hexdigest()
        receive(Path(file.name), Origin(account=account, received_at=clock.now(), name=f"{which}.jpg"))
        return [Shown(set=which, sha256=sha256, taken_at=at, panorama=True, plate_legible=True, position=spot)]

    def record(self, login: str, at: datetime) -> tuple[str, str, tuple[float, float]]:
        self.clock(at)
        spot = self.dice.choice(self.city.spots)
        where = (spot.position[0] + self.dice.uniform(-4e-4, 4e-4), spot.position[1] + self.dice.uniform(-4e-4, 4e-4))
        driver = self.dice.choice(self.city.drivers)
        plate = driver.car.plate
        values = {
            "plate": plate, "street": spot.name_zh, "colour": driver.car.colour,
            "vehicle": driver.car.vehicle,
        }  # fmt: skip
        ref = self.do(
            login, "record", procedure="streets.parking", values=values, position=where,
            evidence=self.shots(login, "first", plate, at, where),
        )  # fmt: skip
        return ref, plate, where

    def story(self, at: datetime, until: str, login: str = "") -> str:
        """One car, as far as ``until``."""
        login = login or self.dice.choice(("urban1", "urban2", "urban3", "urban4", "traffic1", "traffic3"))
        ref, plate, where = self.record(login, at)
        if until == "noticed":
            return ref
        if until == "unreached":
            self.machine("reminder_refused", ref, values={"reason": "空号"})
            return ref
        self.machine("reminder_accepted", ref)
        if until == "reminded":
            return ref
        if until == "left":
            self.clock(at + timedelta(minutes=self.dice.randrange(3, 9)))
            self.do(login, "gone", ref)
            return ref
        self.clock(at + timedelta(minutes=11))
        self.fire()
        if until == "overdue":
            return ref
        again = at + timedelta(minutes=12)
        self.clock(again)
        self.do(login, "still_there", ref, evidence=self.shots(login, "second", plate, again, where))
        if until == "in_review":
            return ref
        self.clock(at + timedelta(hours=3))
        self.do("review1", "approve" if until == "decided" else "reject", ref,
                values={"measure": "fine"} if until == "decided" else {"reason": "号牌被树枝遮挡，看不清。"})  # fmt: skip
        return ref


def fill(street: Street, size: str) -> dict[str, str]:
    """``DAYS`` days of cars, and at the end one in each state, now."""
    now = clock.now().replace(microsecond=0)
    if size == "small":
        for day in range(DAYS, 0, -1):
            for n in range(2 + (day * 3) % 4):
                at = now - timedelta(days=day, minutes=-37 * n)
                street.story(at, ("left", "left", "decided", "left", "dropped", "left")[(day + n) % 6])
    left: dict[str, str] = {}
    plan = (
        ("decided", 300), ("dropped", 280), ("left", 200), ("in_review", 190), ("in_review", 120), ("in_review", 65),
        ("overdue", 31), ("unreached", 14), ("overdue", 18), ("reminded", 6), ("reminded", 4), ("reminded", 2),
        ("noticed", 0),
    )  # fmt: skip
    few = (("decided", 300), ("in_review", 65), ("overdue", 18))
    for until, minutes in {"small": plan, "few": few}[size]:
        left[until] = street.story(now - timedelta(minutes=minutes), until, "urban1")
    if left:
        paper = "select d.number, m.title from document d join matter m on m.id = d.matter_id where m.ref = %s"
        left["slip"], title = db().execute(paper, [left["decided"]]).fetchone()
        left["plate"] = title.partition(" · ")[0]
        left |= joint(street, now)
    street.clock(clock.now())
    left["now"] = clock.now().isoformat()
    return left


def session(login: str) -> str:
    """A session of somebody, as the sign-in would leave it."""
    from tests.web.sessions import session_key

    return session_key(Account.objects.get(username=login))


def main() -> None:
    """Loads the city, then does what each line asks."""
    city = demo_city(residents=RESIDENTS)
    load(city)
    write_layers(city, Path(settings.GUANGYUE_HOME) / "map")
    write_plan(city, Path(settings.GUANGYUE_HOME))
    street = Street(city, sys.argv[1])
    for line in sys.stdin:
        match json.loads(line):
            case ["fill", size]:
                answer: object = fill(street, size)
            case ["session", login]:
                answer = session(login)
            case ["clock", at]:
                street.clock(datetime.fromisoformat(at))
                answer = at
            case ["story", until]:
                answer = street.story(clock.now(), until, "urban1")
            case other:
                raise SystemExit(f"what is {other}?")
        ANSWERS.write(json.dumps(answer) + "\n")
        ANSWERS.flush()


if __name__ == "__main__":
    main()
