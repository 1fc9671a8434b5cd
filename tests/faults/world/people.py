"""Who does what in the simulated town: officers with phones, reviewers at desks, owners, and cars that leave or stay.

People are honest: they say what they see, when they see it, by the clock of their own phone. Everything between them and
the records is not: requests are lost, doubled, late and out of order, phones are without network for an hour, and their
clocks are wrong by up to fifty seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from guangyue.kernel import Actor, Command, Piece, Refusal
from guangyue.records.commands import Done, Order

if TYPE_CHECKING:
    from tests.faults.world.city import City

__all__ = ["BOB", "Car", "Phone", "Request", "officers", "reviewers"]

BOB = Actor(id="citizen:1", parties=frozenset({"owner"}))
"""The owner of every car; matters tell parties apart, and this town has no need to."""


@dataclass(eq=False)
class Request:
    """One command on its way, sent again until it is answered.

    Attributes:
        answers: everything that came back for it, in order.
    """

    key: str
    order: Order
    phone: Phone
    then: Callable[[Done | Refusal], None]
    tries: int = 0
    answers: list[Done | Refusal] = field(default_factory=list)


@dataclass(eq=False)
class Phone:
    """A device and its line to the records.

    Attributes:
        skew: how far its clock is ahead, in seconds. lose, twice: chances on the way there; on the way back likewise.
    """

    city: City
    actor: Actor
    skew: float = 0.0
    lose: float = 0.0
    twice: float = 0.0
    field_app: bool = True
    online: bool = True
    queue: list[Request] = field(default_factory=list)
    numbers: int = 0

    @property
    def now(self) -> datetime:
        """What its clock says."""
        return self.city.stage.now + timedelta(seconds=self.skew)

    def photo(self, which: str) -> Piece:
        """A photograph taken now."""
        self.numbers += 1
        name = f"{int(self.actor.id.rpartition(':')[2]):04x}{self.numbers:04x}"
        return Piece(set=which, sha256=name * 8, taken_at=self.now, panorama=True, plate_legible=True, located=True)

    def submit(self, act: str, then: Callable[[Done | Refusal], None], *, matter: str = "", **more: Any) -> Request:
        """Put an act in line; it goes out when there is a network."""
        self.numbers += 1
        observed = self.now if self.field_app else None
        command = Command(act=act, received_at=self.now, observed_at=observed, **more)
        key = f"{self.actor.id}-{self.numbers}"
        order = Order(
            command=command, actor=self.actor, matter=matter, procedure="" if matter else "streets.parking", key=key
        )
        request = Request(key, order, self, then)
        self.queue.append(request)
        self.city.requests.append(request)
        self.city.stage.say(f"{self.actor.id} wants {act} {matter or '(new)'} [{key}]")
        self.transmit(request)
        return request

    def transmit(self, request: Request) -> None:
        """Once more, unless it is answered."""
        if request not in self.queue or not self.online:
            return
        request.tries += 1
        dice, stage = self.city.dice, self.city.stage
        for _ in range(1 + (dice.random() < self.twice)):
            if dice.random() >= self.lose:
                stage.after(dice.choice((0.05, 0.5, 10)) * dice.uniform(0.2, 3), lambda: self.city.arrive(request))
        stage.after(min(20 * 2 ** (request.tries - 1), 120), lambda: self.transmit(request))

    def connect(self, *, online: bool) -> None:
        """The network goes or comes; what waited is sent in any order."""
        self.online = online
        if online:
            waiting = list(self.queue)
            self.city.dice.shuffle(waiting)
            for request in waiting:
                self.transmit(request)

    def answered(self, request: Request, answer: Done | Refusal) -> None:
        """An answer on its way back."""
        dice = self.city.dice
        if self.online and dice.random() >= self.lose:
            self.city.stage.after(dice.choice((0.05, 2)) * dice.uniform(0.2, 2), lambda: self.hear(request, answer))

    def hear(self, request: Request, answer: Done | Refusal) -> None:
        """An answer that came; only the first one moves anything."""
        request.answers.append(answer)
        if request in self.queue:
            self.queue.remove(request)
            request.then(answer)


@dataclass(eq=False)
class Car:
    """A car where it must not stand, and what is done about it."""

    city: City
    plate: str
    leaves: datetime
    phones: list[Phone]
    matter: str = ""
    looks: int = 0

    def seen(self) -> None:
        """An officer comes by for the first time."""
        phone = self.phones[0]
        values = {"plate": self.plate, "street": "柳荫路"}
        phone.submit("record", self.recorded, values=values, evidence=(phone.photo("first"),))

    def recorded(self, answer: Done | Refusal) -> None:
        """The matter is open: look again, sometimes just as the ten minutes run out."""
        if isinstance(answer, Refusal):
            self.city.stage.say(f"record refused: {sorted(answer.codes)}")
            return
        self.matter = answer.matter
        dice, stage = self.city.dice, self.city.stage
        stage.after(dice.uniform(60, 600), lambda: self.look(self.phones[0]))
        stage.after(dice.uniform(600, 2000), lambda: self.look(self.phones[0]))
        if dice.random() < 0.5:
            stage.after(dice.uniform(60, 300), self.look_at_the_end)

    def look_at_the_end(self) -> None:
        """Both officers are there in the second in which the grace ends."""
        due = self.city.grace(self.matter)
        if due is not None:
            for phone in self.phones:
                at = due + timedelta(seconds=self.city.dice.uniform(-2, 2))
                self.city.stage.at(at, lambda phone=phone: self.look(phone))

    def look(self, phone: Phone) -> None:
        """Somebody looks whether it is still there, and says so."""
        self.looks += 1
        state = self.city.state(self.matter)
        if self.looks > 6 or state not in {"noticed", "reminded", "overdue", "unreached"}:
            return
        if self.city.stage.now >= self.leaves:
            phone.submit("gone", lambda _: None, matter=self.matter)
            return
        unreached = state == "unreached"
        act = "hand_over_unreached" if unreached else "still_there"
        values = {"reason": "车主未提醒到"} if unreached else {}
        self.city.claims[self.matter] = max(self.city.stage.now, self.city.claims.get(self.matter, self.city.stage.now))
        phone.submit(
            act, lambda a: self.claimed(phone, a), matter=self.matter, values=values, evidence=(phone.photo("second"),)
        )

    def claimed(self, phone: Phone, answer: Done | Refusal) -> None:
        """Handed over: reviewers take it up, sometimes two at once; or too early, and there is another look."""
        dice, stage = self.city.dice, self.city.stage
        if isinstance(answer, Refusal):
            stage.after(dice.uniform(30, 400), lambda: self.look(phone))
            return
        for desk in dice.sample(self.city.desks, k=dice.choice((1, 1, 2))):
            stage.after(dice.uniform(5, 600), lambda desk=desk: self.review(desk))

    def review(self, desk: Phone, tries: int = 0) -> None:
        """A reviewer decides."""
        dice = self.city.dice
        act = dice.choices(("approve", "reject", "admonish"), (6, 2, 2))[0]
        values: dict[str, object] = {"measure": "warning"} if act == "approve" else {"reason": "照片不清"}
        checks: frozenset[str] = frozenset()
        if act == "admonish":
            values, checks = {"measure": "guide", "education": "一\n二"}, frozenset({"slight"})

        def then(answer: Done | Refusal) -> None:
            if isinstance(answer, Refusal):
                if "time.waiting_for_devices" in answer.codes and tries < 8:
                    self.city.stage.after(300, lambda: self.review(desk, tries + 1))
            elif act == "approve" and dice.random() < 0.4:
                self.city.stage.after(dice.uniform(10, 900), self.object)

        desk.submit(act, then, matter=self.matter, values=values, checks=checks)

    def object(self) -> None:
        """The owner objects, and a reviewer answers."""
        desks, dice = self.city.desks, self.city.dice

        def then(answer: Done | Refusal) -> None:
            if not isinstance(answer, Refusal):
                for desk in desks:
                    self.city.stage.after(dice.uniform(10, 600), lambda desk=desk: self.answer(desk))

        self.city.owner.submit("object", then, matter=self.matter, values={"reason": "车辆故障"})

    def answer(self, desk: Phone) -> None:
        """A reviewer answers the objection."""
        act = self.city.dice.choice(("uphold", "deny"))
        desk.submit(act, lambda _: None, matter=self.matter, values={"reason": "核实"})


def officers(city: City, count: int) -> list[Phone]:
    """Urban officers on patrol."""
    dice = city.dice
    base = Actor(
        id="", roles=frozenset({"urban_officer"}), agency="urban", level="county", unit="UM-D1",
        qualities=frozenset({"certified"}), signed_in_at=city.stage.now - timedelta(hours=1),
    )  # fmt: skip
    lose, twice = dice.choice((0, 0.05, 0.3)), dice.choice((0, 0.05, 0.3))
    return [
        Phone(city, replace(base, id=f"account:{n}"), dice.choice((0, 0, dice.uniform(-50, 50))), lose, twice)
        for n in range(1, count + 1)
    ]


def reviewers(city: City, count: int) -> list[Phone]:
    """Traffic police at their desks."""
    base = Actor(
        id="", roles=frozenset({"traffic_reviewer"}), agency="traffic_police", level="county", unit="TP-D1",
        qualities=frozenset({"certified", "legally_qualified"}),
    )  # fmt: skip
    return [Phone(city, replace(base, id=f"account:{90 + n}"), 0, 0.02, 0.1, field_app=False) for n in range(count)]
