"""What must be true when a play is over, whatever went wrong in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from guangyue.kernel import Refusal
from guangyue.records.figures import check as figures_check
from guangyue.records.figures.rollup import roll
from guangyue.records.seals.verify import verify

if TYPE_CHECKING:
    from tests.faults.world.city import City

__all__ = ["violations"]

TEN_MINUTES = timedelta(minutes=10)


def violations(city: City) -> list[str]:
    """Every promise that was broken, each with what shows it; empty when all held."""
    found = [*_journal(city), *_commands(city), *_messages(city), *_clocks(city), *_penalties(city), *_rest(city)]
    return found + [f"one key, two requests: {c}" for c in city.contradictions]


def _journal(city: City) -> Iterator[str]:
    with city.root.transaction():
        report = verify(city.root, None)
        for finding in report.findings:
            if "signature" not in finding.code and "key" not in finding.code:
                yield f"journal: {finding}"
    for difference in figures_check(city.root):
        yield f"figures differ from the journal: {difference}"
    with city.root.transaction():
        roll(city.root)
    rows = city.root.execute(
        "select coalesce(t.figure, d.figure), t.n, d.n from (select figure, sum(amount) as n from tally"
        " where xid < (select last_xid from figure_mark) group by 1) t"  # others on this server may hold the rest back
        " full join (select figure, sum(value) as n from figure_day group by 1) d using (figure)"
        " where t.n is distinct from d.n"
    )
    for figure, tallied, daily in rows.fetchall():
        yield f"daily figures differ: {figure} {tallied} tallied, {daily} in days"


def _commands(city: City) -> Iterator[str]:
    """Acknowledged means there, once; the same key never answers otherwise."""
    entries = {
        f"{ref}#{seq}": (kind, act, actor)
        for ref, seq, kind, act, actor in city.root.execute(
            "select m.ref, j.seq, j.kind, j.act, j.actor from journal j join matter m on m.id = j.matter_id"
        )
    }
    kept = {(a, k): orjson.loads(v) if isinstance(v, str) else v for a, k, v in city.root.execute(
        "select actor, key, answer from command")}  # fmt: skip
    for request in city.requests:
        done = [a for a in request.answers if not isinstance(a, Refusal)]
        if not done:
            continue
        mark = (request.order.actor.id, request.key)
        if len({a.entries for a in done}) > 1:
            yield f"{request.key} was answered in two ways: {[a.entries for a in done]}"
        if any(isinstance(a, Refusal) for a in request.answers[request.answers.index(done[0]) :]):
            yield f"{request.key} was done and then refused"
        if mark not in kept:
            yield f"acknowledged and lost: {request.key}"
        elif tuple(kept[mark]["entries"]) != done[0].entries:
            yield f"{request.key}: acknowledged {done[0].entries}, kept {kept[mark]['entries']}"
        for name in done[0].entries:
            if name not in entries:
                yield f"acknowledged and not in the journal: {request.key} {name}"
    acts = Counter((actor, act) for kind, act, actor in entries.values() if kind == "act")
    asked = Counter((r.order.actor.id, r.order.command.act) for r in city.requests if (r.order.actor.id, r.key) in kept)
    for mark, count in acts.items():
        if mark[0] != "system:carrier" and count != asked[mark]:
            yield f"{mark} was asked {asked[mark]} times and done {count} times"
    names = Counter(tuple(v["entries"]) for v in kept.values())
    yield from (f"two commands claim {name}" for name, count in names.items() if count > 1)


def _messages(city: City) -> Iterator[str]:
    """On the air once a notice; at the platform once an approval; the outbox empty, or a person was told why not."""
    for key, count in Counter(s.key for s in city.carrier.sent).items():
        if count > 1:
            yield f"{count} SMS for the one notice {key}"
    known = {k for (k,) in city.root.execute("select key from outbox where channel = 'sms'")}
    yield from (f"an SMS nobody ordered: {s.key}" for s in city.carrier.sent if s.key not in known)
    held = Counter((r["matter"], r["kind"]) for r in city.uploads.platform.records.values())
    approved = Counter(
        (ref, {"approve": "violation", "uphold": "erase"}[act])
        for ref, act in city.root.execute(
            "select m.ref, j.act from journal j join matter m on m.id = j.matter_id where j.act in ('approve', 'uphold')"
        )
    )
    for mark in held.keys() | approved.keys():
        if held[mark] != approved[mark]:
            yield f"the platform has {held[mark]} records of {mark}, {approved[mark]} were sent"
    out = {s.key for s in city.carrier.sent} | city.carrier.refused
    left = city.root.execute(
        "select channel, key, dead_at, last_error from outbox where sent_at is null and channel = any(%s)",
        [["sms", "traffic_platform"]],
    )
    for channel, key, dead_at, why in left.fetchall():
        if dead_at is None or channel != "sms" or key not in out:
            yield f"still in the outbox: {channel} {key} {why}"


def _clocks(city: City) -> Iterator[str]:
    """Every clock fires once, none before its time, and the grace is ten minutes from what the carrier confirmed."""
    rows = city.root.execute(
        "select m.ref, d.key, d.status, d.started_at, d.due_at, count(j.seq), min(j.at), max(d.attempts)"
        " from deadline d join matter m on m.id = d.matter_id left join journal j on j.deadline_id = d.id group by d.id, m.ref"
    ).fetchall()
    confirmed = _confirmed(city)
    for ref, key, status, started, due, fired, at, attempts in rows:
        name = f"clock {key} of {ref}"
        if fired > 1 or ((status == "fired" or fired == 1) and not _lapsed(city, ref, key, undone=status != "fired")):
            yield f"{name} is {status} and fired {fired} times"
        if at is not None and at < due:
            yield f"{name} fired at {at:%H:%M:%S.%f}, due {due:%H:%M:%S.%f}"
        if status == "pending" and due < city.stage.now:
            yield f"{name} was due {due:%H:%M:%S} and never fired"
        if attempts and status == "pending":
            yield f"{name} fails"
        if key == "grace":
            if due - started < TEN_MINUTES:
                yield f"{name} lasts {due - started}"
            if ref not in confirmed:
                yield f"{name} runs and the carrier has confirmed nothing"
            elif due - confirmed[ref] < TEN_MINUTES:
                yield f"{name} ends {due - confirmed[ref]} after the carrier took the message"


def _lapsed(city: City, ref: str, key: str, *, undone: bool) -> bool:
    """Whether the journal says that a clock ran out; and, for one that is not fired, that this was undone."""
    kinds = {
        kind
        for (kind,) in city.root.execute(
            "select j.kind from journal j join matter m on m.id = j.matter_id where m.ref = %s and j.act like %s",
            [ref, f"%{key}%"],
        )
    }
    return bool(kinds & {"lapse", "alarm"}) and (not undone or "reinstated" in kinds)


def _confirmed(city: City) -> dict[str, datetime]:
    matters = dict(city.root.execute("select key, payload ->> 'matter' from outbox where channel = 'sms'").fetchall())
    found: dict[str, datetime] = {}
    for sent in city.carrier.sent:
        if sent.key.endswith(":remind"):
            found[matters[sent.key]] = sent.at
    return found


def _penalties(city: City) -> Iterator[str]:
    """Nobody is punished whose car was gone when the ten minutes were over."""
    plates = dict(city.root.execute("select ref, snapshot -> 'fields' ->> 'plate' from matter").fetchall())
    skew = max((p.skew for p in city.patrol), default=0.0)
    confirmed = _confirmed(city)
    for ref, body in city.root.execute(
        "select m.ref, j.body from journal j join matter m on m.id = j.matter_id where j.act = 'approve' order by j.at"
    ).fetchall():
        reminded = _entry(city, ref, "reminder_accepted")
        if reminded is None or ref not in confirmed:
            continue  # handed over because the owner could not be reached
        handed = _entry(city, ref, "hand_over_unreached")
        if handed is not None:
            continue
        seen = city.claims[ref]
        if seen < confirmed[ref] + TEN_MINUTES - timedelta(seconds=max(0.0, skew)):
            yield f"{plates[ref]} was punished, last seen {seen - confirmed[ref]} after the reminder: {body[:80]}"


def _entry(city: City, ref: str, act: str) -> Any:
    return city.root.execute(
        "select j.at from journal j join matter m on m.id = j.matter_id where m.ref = %s and j.act = %s", [ref, act]
    ).fetchone()


def _rest(city: City) -> Iterator[str]:
    """Numbers without gaps, everybody answered, and work was done at all."""
    for unit, period, last, given in city.root.execute(
        "select s.unit, s.period, s.last, (select count(*) from document d where d.number <> '' and d.number is not null)"
        " from number_series s where s.series <> ''"
    ).fetchall():
        if last > given:
            yield f"series {unit} {period} stands at {last}, {given} papers have numbers"
    for phone in (*city.patrol, *city.desks, city.owner):
        yield from (f"never answered: {r.key}" for r in phone.queue)
