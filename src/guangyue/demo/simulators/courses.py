"""How each case of a street day is played through the public API: who does what, so many minutes after it was found."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from guangyue.demo.simulators.photos import photograph

if TYPE_CHECKING:
    from guangyue.demo.simulators.client import Answer, Client
    from guangyue.demo.simulators.streetday import Case

__all__ = ["Course", "Step", "Took"]

Draw = Callable[["Case", datetime, bool], bytes]
EDUCATION = "公共空间人人可用，请及时清理并遵守市容管理规定。"
FACTS = "现场发现违法行为，已拍照取证。"


@dataclass(frozen=True, slots=True)
class Step:
    """An act of a case.

    Attributes:
        at: when. login: who. code: the act. photos: evidence sets, each with how many pictures.
    """

    at: datetime
    case: Case
    login: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    photos: Mapping[str, int] = field(default_factory=dict)
    checks: tuple[str, ...] = ()
    officers: tuple[str, ...] = ()


@dataclass(slots=True)
class Took:
    """What became of the steps: acts carried out by code, and every refusal with its reasons."""

    done: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


def drawn(case: Case, at: datetime, close: bool) -> bytes:  # noqa: FBT001 - as a picture is asked for
    """A picture of the case: a car in the street stands for whatever is there."""
    chance = random.Random(f"{case.number}/{at.isoformat()}/{close}")  # noqa: S311 - reproducible invention
    car = case.parked.owner.car
    assert car is not None  # noqa: S101 - drivers have one
    return photograph(car, at, case.parked.where, chance, close=close)


class Course:
    """Plays cases.

    Args:
        clients: by login. badges: numbers of staff by login, for those who act together.
        run: tells one run's keys from another's.
        draw: makes pictures.
    """

    def __init__(
        self, clients: Mapping[str, Client], badges: Mapping[str, str], run: str, *, draw: Draw = drawn
    ) -> None:
        self._clients, self._badges, self._run, self._draw = clients, badges, run, draw
        self._refs: dict[int, str] = {}
        self.took = Took()

    def steps(self, case: Case) -> list[Step]:
        """What is done about a case, in order, if all goes as planned."""
        chance = random.Random(f"{case.number}/{case.at.isoformat()}")  # noqa: S311 - reproducible invention
        group = case.offence.officers if case.offence.officers != "both" else chance.choice(("urban", "traffic"))
        logins = sorted(name for name in self._clients if name.startswith(group))
        login = chance.choice(logins)
        mate = self._badges[chance.choice([name for name in logins if name != login] or [login])]
        found = Step(case.at, case, login, "record", *self._finding(case))

        def later(minutes: float, code: str, who: str = login, **more: Any) -> Step:  # noqa: ANN401 - a step's own
            return Step(case.at + timedelta(minutes=minutes), case, who, code, **more)

        if case.kind == "parking":
            return [found, *self._parking(case, chance, later)]
        party = {"party_name": case.parked.owner.name}
        if case.ends == "corrected":
            return [
                found, later(2, "explain", values={"education": EDUCATION}),
                later(chance.uniform(8, 40), "corrected", photos={"rechecked": 1}),
            ]  # fmt: skip
        if case.ends == "warned":
            return [found, later(
                chance.uniform(3, 10), "warn_orally", values=party | {"education": EDUCATION}, checks=("slight",), officers=(mate,),
            )]  # fmt: skip
        fine = case.offence.fine
        told = party | {"facts": FACTS, "measure": "fine", "told_fine": fine}
        car = case.parked.owner.car
        paper = {
            "fine": fine,
            "party_signed": "signed",
            "vehicle_text": car.plate if car else "无",
            "vehicle_type": "轿车",
        }
        return [
            found, later(3, "tell", values=told, checks=("card_shown",), officers=(mate,)),
            later(6, "hear", values={"answer": "none"}), later(9, "fine_simple", values=paper, officers=(mate,)),
        ]  # fmt: skip

    def ref(self, number: int) -> str:
        """The id of a case's matter; empty while it has none."""
        return self._refs.get(number, "")

    def _finding(self, case: Case) -> tuple[dict[str, object], dict[str, int]]:
        spot, car = case.parked.spot, case.parked.owner.car
        assert car is not None  # noqa: S101 - drivers have one
        where: dict[str, object] = {"street": spot.name_zh}
        if case.kind == "parking":
            seen = {"plate": car.plate, "place_type": spot.place_type, "colour": car.colour, "vehicle": car.vehicle}
            return where | seen, {"first": 2}
        return where | {"offence": case.offence.offence, "place_type": case.offence.place_type}, {"found": 2}

    def _parking(self, case: Case, chance: random.Random, later: Callable[..., Step]) -> list[Step]:
        if case.ends == "left":
            return [later(case.parked.leaves_after or chance.uniform(2, 9.5), "gone")]
        again = chance.uniform(11.5, 15)
        reviewer = chance.choice(sorted(name for name in self._clients if name.startswith("review")))
        reviewed = again + chance.uniform(4, 30)
        end = {
            "penalty": later(reviewed, "approve", reviewer, values={"measure": "warning" if chance.random() < 0.08 else "fine"}),  # noqa: PLR2004 - a few
            "unsound": later(reviewed, "reject", reviewer, values={"reason": "号牌不够清晰，证据不足"}),
            "minor": later(
                reviewed, "admonish", reviewer, values={"measure": "oral_warning", "education": "请停入泊位，不要占用盲道。"},
                checks=("slight",),
            ),
        }[case.ends]  # fmt: skip
        return [
            later(again, "still_there", photos={"second": 1}),
            later(again + 1, "affix", photos={"affixed": 1}),
            end,
        ]

    def play(self, step: Step) -> Answer:
        """One step; what was refused is told and not hidden.

        Raises:
            NoAnswerError: the line failed.
        """
        client, case = self._clients[step.login], step.case
        lon, lat = case.parked.where
        pieces = [
            client.photograph(
                self._draw(case, step.at, n > 0), which, step.at, (lon, lat), panorama=n == 0, plate_legible=True
            )
            for which, many in step.photos.items()
            for n in range(many)
        ]
        body: dict[str, Any] = {"values": dict(step.values), "evidence": pieces}
        body |= {k: list(v) for k, v in (("checks", step.checks), ("officers", step.officers)) if v}
        key = f"day-{self._run}-{case.number}-{step.code}"
        if step.code == "record":
            where = {"lon": lon, "lat": lat, "accuracy_m": 6}
            body |= {"procedure": case.offence.procedure, "action": "record", "position": where}
            answer = client.open(key, body)
            if answer.done:
                self._refs[case.number] = answer.said["id"]
        else:
            answer = client.act(self._refs.get(case.number, "0"), step.code, key, body)
        if answer.done:
            self.took.done[step.code] = self.took.done.get(step.code, 0) + 1
        else:
            self.took.refused.append(f"{case.kind} {case.number} {step.code}: {', '.join(answer.codes)}")
        return answer
