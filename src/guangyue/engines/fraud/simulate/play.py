# ruff: noqa: PLR2004 - the figures of an invented life stand in the open
"""A script played with one resident: records with times, and the moments that matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from guangyue.engines.fraud.schema import Kind
from guangyue.engines.fraud.simulate.tokens import Thing, token
from guangyue.engines.fraud.sources import BY_CODE

if TYPE_CHECKING:
    from guangyue.engines.fraud.schema import Column
    from guangyue.engines.fraud.simulate.population import Population
    from guangyue.engines.fraud.simulate.script import Script, Step

__all__ = ["Gang", "Played", "Record", "play"]

_THINGS = {
    "phone": Thing.PHONE, "account": Thing.ACCOUNT, "domain": Thing.DOMAIN, "contact": Thing.CONTACT,
    "app": Thing.APP, "country": Thing.COUNTRY, "lender": Thing.LENDER, "cell": Thing.CELL, "bank": Thing.BANK,
}  # fmt: skip
_OUTSIDE = 2_000_000_000
"""Numbers from here on are people and things outside the population."""
_MINUTE = 60_000
_Z90 = 1.2815515655446004
_MULE_DAYS = 3
_LEAST_CASH = 100_000


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a story. ``victim`` is False for what happens on the gang's side."""

    source: str
    time: int
    values: dict[str, int]
    victim: bool = True


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a story; times in ms since the first midnight, -1 where it did not come to that.

    Attributes:
        records: in no particular order. contact_at: the first record. hooked_at: the victim believes.
        first_loss_at: the first fen leaves. leaves_at: the main money leaves. loss: fen that left in all.
        moved: (time, fen) of each amount that left.
    """

    records: tuple[Record, ...]
    contact_at: int
    hooked_at: int
    first_loss_at: int
    leaves_at: int
    loss: int
    moved: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Gang:
    """A crew: its numbers, mule accounts and sites change every few days, so victims close in time share them."""

    seed: int
    number: int

    def token(self, what: str, day: int, spread: int) -> int:
        """One of the gang's things in use on a day."""
        base = _OUTSIDE + self.number * 100_000 + (day // _MULE_DAYS) * 16 + spread
        return int(token(self.seed, _THINGS[what], base))

    def mule(self, account: int) -> int:
        """The holder of a mule account."""
        return int(token(self.seed, Thing.PERSON, account))


class _Cast:
    """Who stands for whom in one story."""

    def __init__(self, people: Population, who: int, gang: Gang | None, day: int, rng: np.random.Generator) -> None:
        self.people, self.who, self.gang, self.day, self.rng = people, who, gang, day, rng
        self.seen: dict[str, int] = {}

    def role(self, name: str) -> int:
        """The token of a role; the same throughout the story, save mule accounts and friends, who vary."""
        who, what = name[1:].split(".")
        if who == "gang" and self.gang is not None:
            return self.gang.token(what, self.day, int(self.rng.integers(0, 3)))
        if name not in self.seen:
            self.seen[name] = self._cast(who, what)
        return self.seen[name]

    def _cast(self, who: str, what: str) -> int:
        rng, people = self.rng, self.people
        if who == "friend" and what in {"phone", "account"}:
            friend = int(people.friend(np.array([self.who]), np.array([rng.integers(0, 8)]))[0])
            return int((people.phone if what == "phone" else people.account)[friend])
        if who == "service" and what == "phone":
            return int(token(people.seed, Thing.SHORT_CODE, rng.integers(0, 300)))
        if who == "service" and what == "account":
            return int(token(people.seed, Thing.MERCHANT, rng.integers(0, 2_000)))
        number = rng.integers(0, 80) if who == "service" else _OUTSIDE + 10**12 + rng.integers(0, 2**40)
        return int(token(people.seed, _THINGS[what], number))


def _spread(rng: np.random.Generator, low: float, high: float) -> float:
    """A log-normal draw with the given tenth and ninetieth percentile, cut at three times beyond either."""
    if high <= low or low < 0:
        return low
    floor = max(low, high / 10_000, 1e-9)
    mean, sigma = (np.log(floor) + np.log(high)) / 2, (np.log(high) - np.log(floor)) / (2 * _Z90)
    return float(np.clip(np.exp(rng.normal(mean, sigma)), floor / 3, high * 3)) if high > 0 else 0.0


def _value(column: Column, spec: Any, cast: _Cast, loss: float) -> int:  # noqa: ANN401 - from the file
    rng, kind = cast.rng, column.kind
    if isinstance(spec, dict):
        yuan = _spread(rng, *spec["yuan"]) if "yuan" in spec else float(spec["share"]) * loss
        return max(1, round(yuan * 100))
    if kind is Kind.TOKEN:
        return cast.role(spec)
    if isinstance(spec, list):
        if kind is Kind.CODE:
            return column.number(str(rng.choice(spec)))
        low, high = column.limits
        return min(max(round(_spread(rng, *spec)), low), high)
    return column.number(int(spec) if isinstance(spec, bool) else spec)


def _fill(step: Step, cast: _Cast, loss: float, amount: float) -> dict[str, int]:
    """The values of one record: what the step says, the victim's own things, and the amount of a payment."""
    source, people, who = BY_CODE[step.source], cast.people, cast.who
    own = {"person": people.person, "own_phone": people.phone, "own_account": people.account, "device": people.device}
    values = {name: int(array[who]) for name, array in own.items() if name in source.names}
    for name, spec in step.values.items():
        column = source.column(name)
        values[name] = _value(column, spec, cast, loss)
    if amount:
        values["amount"] = max(1, round(amount * 100))
        values.setdefault("other_account", cast.role("@gang.account") if cast.gang else 0)
    if "balance" in source.names and "balance" not in values:
        values["balance"] = round(float(people.wealth[who]) * cast.rng.uniform(0.05, 0.9))
    if "duration" in values and "answered" in source.names:
        values.setdefault("answered", 1)
    return values


def play(
    script: Script, people: Population, who: int, begin: int, gang: Gang | None, rng: np.random.Generator
) -> Played:
    """Plays a script with a resident from ``begin`` (ms) on."""
    cast = _Cast(people, who, gang, begin // 86_400_000, rng)
    loss = (
        min(_spread(rng, *script.loss), float(people.wealth[who]) / 100 * rng.uniform(0.5, 3.0)) if script.scam else 0.0
    )
    ends: dict[str, int] = {}
    records: list[Record] = []
    moved: list[tuple[int, int]] = []
    hooked = leaves = -1
    now = begin
    for step in script.steps:
        if rng.random() >= step.chance:
            continue
        now = (
            ends.get(step.after, now) + round(1000 * _spread(rng, *step.wait))
            if step.wait[1]
            else ends.get(step.after, now)
        )
        times = int(rng.integers(step.repeat[0], step.repeat[1] + 1))
        first = now
        for turn in range(times):
            now += round(1000 * _spread(rng, *step.every)) if turn else 0
            amount = step.money * loss / times if step.money else 0.0
            values = _fill(step, cast, loss, amount)
            records.append(Record(step.source, now, values))
            if step.money:
                moved.append((now, values["amount"]))
                if gang is not None and values.get("other_account"):
                    records += _mule(cast, gang, now, values)
        if step.hook and hooked < 0:
            hooked = first
        if step.leaves and leaves < 0:
            leaves = first
        ends[step.name] = now
        if step.drop and rng.random() < step.drop:
            break
    if script.scam and moved and gang is not None and rng.random() < 0.5:
        records.append(_report(script, cast, now, records, moved))
    return Played(
        tuple(records), min(r.time for r in records), hooked, moved[0][0] if moved else -1, leaves,
        sum(m for _, m in moved), tuple(moved),
    )  # fmt: skip


def _mule(cast: _Cast, gang: Gang, at: int, paid: dict[str, int]) -> list[Record]:
    """What the mule does with the money: out to others within minutes, some of it as cash."""
    rng, mule = cast.rng, paid["other_account"]
    personal = BY_CODE["bank_transfer"].column("other_kind").number("personal")
    holder, device = gang.mule(mule), int(token(gang.seed, Thing.DEVICE, _OUTSIDE + gang.number))
    base = {"person": holder, "own_account": mule, "device": device, "other_kind": personal, "channel": 0}
    arrived = at + int(rng.integers(500, 4_000))
    out = [Record("bank_transfer", arrived, base | {
        "direction": 1, "other_account": paid["own_account"], "amount": paid["amount"], "balance": paid["amount"],
    }, victim=False)]  # fmt: skip
    parts = int(rng.integers(1, 4))
    for part in range(parts):
        arrived += round(_spread(rng, 1, 15) * _MINUTE)
        share = paid["amount"] // parts
        if part == parts - 1 and share > _LEAST_CASH and rng.random() < 0.5:
            values = {"person": holder, "own_account": mule, "direction": 0, "amount": share, "channel": 0, "away": 1}
            out.append(Record("cash", arrived, values, victim=False))
        else:
            onward = gang.token("account", at // 86_400_000, 8 + part)
            out.append(Record("bank_transfer", arrived, base | {
                "direction": 0, "other_account": onward, "amount": max(1, share),
                "balance": paid["amount"] - share * (part + 1),
            }, victim=False))  # fmt: skip
    return out


def _report(script: Script, cast: _Cast, now: int, records: list[Record], moved: list[tuple[int, int]]) -> Record:
    """The victim goes to the police hours or days later and names what they remember."""
    source = BY_CODE["police_report"]
    named = {"other_phone": 0, "other_account": 0, "domain": 0}
    for record in records:
        if record.victim:
            named |= {k: record.values[k] for k in named if record.values.get(k)}
    later = now + round(_spread(cast.rng, 2, 48) * 60 * _MINUTE)
    return Record("police_report", later, named | {
        "person": int(cast.people.person[cast.who]), "role": source.column("role").number("victim"),
        "scam": source.column("scam").number(script.code), "loss": sum(m for _, m in moved),
    })  # fmt: skip
