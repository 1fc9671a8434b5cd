"""What a decision leaves in the tables, gathered row by row and written with one call.

The same writing serves one command and a run of a hundred lapses.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from guangyue.kernel import Decision, Entry, Matter, entry_data, evolve, matter_data
from guangyue.kernel.canonical import plain
from guangyue.records import chain, numbers
from guangyue.records.commands import outgoing
from guangyue.records.commands.load import Loaded
from guangyue.records.commands.looks import looks
from guangyue.records.commands.tables import MATTERS, TABLES, WAKE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from guangyue.kernel import Armed, Procedure
    from guangyue.records.commands.order import Party
    from guangyue.records.commands.tables import Parameters, Row, Statement
    from guangyue.records.database import Db
    from guangyue.records.library import Library
    from guangyue.records.personal import Value

__all__ = ["Batch"]

FIRED = {"lapse", "alarm", "dropped"}

_CLOCK_IDS = """
    select m.ref, d.key, d.occurrence, d.id from unnest(%s::text[], %s::text[], %s::int[]) n (ref, key, occurrence)
    join matter m on m.ref = n.ref join deadline d on d.matter_id = m.id and d.key = n.key and d.occurrence = n.occurrence
"""


def _bytea(value: bytes | None) -> str | None:
    return f"\\x{value.hex()}" if value else None


class Batch:
    """The rows of one or many decisions of one transaction."""

    def __init__(self, db: Db, library: Library, now: datetime, matters: Mapping[str, Loaded]) -> None:
        """Begin with the locked matters, by their kernel id."""
        self._db = db
        self._library = library
        self.now = now
        self._at = now.isoformat()
        self._matters = dict(matters)
        self._rows: defaultdict[str, list[Row]] = defaultdict(list)
        self._changed: dict[str, Loaded] = {}
        self._clock_ids: dict[tuple[str, str, int], int] = {}
        self._numbered: dict[str, str] = {}
        self._opening: dict[str, Row] = {}
        self._veiled: set[str] = set()
        self.numbers: dict[str, str] = {}
        self.soonest: datetime | None = None
        self.kept: set[tuple[str, str]] = set()

    def expect(self, clock_ids: Mapping[tuple[str, str, int], int]) -> None:
        """The rows of clocks that fire, where the caller has them already."""
        self._clock_ids.update(clock_ids)

    def number(self, matter: str, number: str) -> None:
        """What a matter that is about to be opened will be called by."""
        self._numbered[matter] = number

    def add(self, decision: Decision, parties: tuple[Party, ...] = (), handed_in: tuple[str, ...] = ()) -> None:
        """Take in a decision on the locked matters, with who becomes a party and what evidence comes with it."""
        self._find_clocks(decision)
        fresh = [e.matter for e in decision.entries if e.seq == 1 and e.matter not in self._matters]
        ids = self._new_ids(fresh)
        for entry in decision.entries:
            loaded = self._matters.get(entry.matter) or self._opened(entry, ids[entry.matter])
            self._entry(loaded, entry, decision.matters.get(entry.matter))
            self._changed[entry.matter] = loaded
        first = self._matters[decision.entries[0].matter]
        self._rows["handed_in"] += [{"id": first.id, "evidence": piece} for piece in handed_in]
        for p in parties:
            self._rows["parties"].append(
                {"id": first.id, "role": p.role, "account": p.account, "search": _bytea(p.search), "at": self._at}
            )

    def now_of(self, ref: str) -> Loaded:
        """A matter as it stands after the decisions so far."""
        return self._matters[ref]

    def touched(self, ref: str) -> bool:
        """Whether a decision so far has changed a matter."""
        return ref in self._changed

    def _new_ids(self, refs: list[str]) -> dict[str, int]:
        """Rows for new matters; a top-level matter's kernel id is its row's number already."""
        known = {ref: int(ref) for ref in refs if ref.isdigit()}
        others = [ref for ref in refs if ref not in known]
        if others:
            taken = self._db.execute(
                "select nextval(pg_get_serial_sequence('matter', 'id')) from generate_series(1, %s)", [len(others)]
            ).fetchall()
            known.update({ref: row[0] for ref, row in zip(others, taken, strict=True)})
        return known

    def _find_clocks(self, decision: Decision) -> None:
        wanted = [
            (e.matter, s.key, s.occurrence)
            for e in decision.entries if e.kind in FIRED
            for s in e.stops if s.status == "fired" and s.key == e.act and (e.matter, s.key, s.occurrence) not in self._clock_ids
        ]  # fmt: skip
        if wanted:
            found = self._db.execute(_CLOCK_IDS, [list(c) for c in zip(*wanted, strict=True)])
            self._clock_ids.update({(ref, key, n): id_ for ref, key, n, id_ in found})

    def _opened(self, entry: Entry, id_: int) -> Loaded:
        procedure = self._library.find(self._db, entry.procedure, entry.version)
        mark = self._library.keep(self._db, procedure)
        if mark:
            self.kept.add(mark)
        parent = self._matters[entry.parent].id if entry.parent else None
        matter = Matter(id=entry.matter, procedure=entry.procedure, version=entry.version, parent=entry.parent)
        number = self._numbered.get(entry.matter, "")
        loaded = Loaded(id_, chain.matter_genesis(id_), None, entry.agency, procedure, matter, number)
        self._matters[entry.matter] = loaded
        self._opening[entry.matter] = {
            "ref": entry.matter, "procedure": entry.procedure, "parent_id": parent, "number": loaded.number or None,
            "opened_at": entry.observed_at.isoformat(),
        }  # fmt: skip
        return loaded

    def _entry(self, loaded: Loaded, entry: Entry, decided: Matter | None) -> None:
        before, procedure = loaded.matter, loaded.procedure
        clock = next(
            (self._clock_ids.get((entry.matter, s.key, s.occurrence)) for s in entry.stops if s.status == "fired" and s.key == entry.act),
            None,
        ) if entry.kind in FIRED else None  # fmt: skip
        entry, sealed = self._sealed(procedure, entry)
        given = numbers.take(self._db, entry, entry.holder or before.holder, self.now)
        self.numbers.update(given)
        data = entry_data(entry, lambda _, value: value, frozenset())
        if clock is not None:
            data["clock"] = clock
        if given:
            data["numbers"] = given
        if entry.seq == 1 and loaded.number:
            data["number"] = loaded.number
        body = orjson.dumps(data, option=orjson.OPT_SORT_KEYS).decode()
        loaded.head = chain.link(loaded.head, entry.seq, body)
        if sealed:
            self._veiled.add(entry.matter)  # the kernel's own matter holds in plain text what ours must not
        known = decided is not None and decided.seq == entry.seq and entry.matter not in self._veiled
        loaded.matter = after = decided if decided is not None and known else evolve(before, entry)
        rows = self._rows
        id_, at = loaded.id, self._at
        rows["journal"].append({
            "id": id_, "seq": entry.seq, "body": body, "hash": _bytea(loaded.head), "kind": entry.kind, "act": entry.act,
            "actor": entry.actor, "at": data["decided_at"], "clock": clock,
        })  # fmt: skip
        rows["change"].append({"id": id_, "seq": entry.seq})
        for sha256 in sorted({p.sha256 for p in entry.evidence}):
            rows["pieces"].append({"id": id_, "seq": entry.seq, "sha256": sha256})
        self._clocks(id_, before, entry)
        rows["tasks"] += [
            {
                "id": id_, "code": task.code, "number": task.number, "hop": place, "unit": hop.unit,
                "status": hop.status, "since": hop.since.isoformat() if hop.since else None, "by": hop.by,
                "note": hop.note,
            }
            for task in entry.tasks for place, hop in enumerate(task.hops)
        ]  # fmt: skip
        for kind, other in entry.relations:
            rows["relations"].append({"id": id_, "kind": kind, "ref": other, "at": at})
        for kind, other in entry.unties:
            rows["unties"].append({"id": id_, "kind": kind, "ref": other})
        for paper in entry.papers:
            facts = {name: data.get("values", {}).get(name, after.fields.get(name)) for name in paper.needs}
            number = given.get(paper.code)
            rows["papers"].append(
                {"id": id_, "seq": entry.seq, "code": paper.code, "number": number, "facts": plain(facts), "at": at}
            )
        for v in sealed:
            rows["personal"].append({
                "id": id_, "seq": entry.seq, "name": v.name, "kind": v.kind, "token": _bytea(v.token),
                "search": _bytea(v.search), "digest": v.digest, "at": at,
            })  # fmt: skip
        units = {entry.unit, entry.holder, *(h.unit for t in entry.tasks for h in t.hops)} - {"", before.holder}
        for unit in sorted(units):
            rows["involved"].append({"unit": unit, "id": id_, "at": at})
        for code, amount in entry.counts:
            rows["tally"].append({
                "procedure": entry.procedure, "figure": code, "at": entry.observed_at.isoformat(),
                "unit": entry.unit or after.holder, "amount": amount, "id": id_, "seq": entry.seq,
            })  # fmt: skip
        rows["looks"] += [{"body": reading.body(self.now)} for reading in looks(procedure, entry, after, id_)]
        for channel, key, payload in outgoing.messages(procedure, after, entry):
            rows["outbox"].append(
                {"channel": channel, "key": key, "id": id_, "seq": entry.seq, "payload": payload, "at": at}
            )

    def _sealed(self, procedure: Procedure, entry: Entry) -> tuple[Entry, list[Value]]:
        """The entry with digests in place of personal answers, and the sealed answers."""
        personal = procedure.tables.personal
        named = [n for n in personal if entry.sets.get(n) not in (None, "") or entry.values.get(n) not in (None, "")]
        if not named:
            return entry, []
        from guangyue.records.personal import seal_value

        sealed = {n: seal_value(procedure, n, entry.sets.get(n) or entry.values[n]) for n in named}
        hidden = {n: v.digest for n, v in sealed.items()}
        sets = {k: hidden.get(k, v) for k, v in entry.sets.items()}
        values = {k: hidden.get(k, v) for k, v in entry.values.items()}
        return replace(entry, sets=sets, values=values), list(sealed.values())

    def _clocks(self, id_: int, before: Matter, entry: Entry) -> None:
        changed: dict[tuple[str, int], tuple[Armed, str]] = {}
        for stop in entry.stops:
            armed = before.deadlines[stop.key]
            changed[stop.key, stop.occurrence] = (replace(armed, remaining=stop.remaining), stop.status)
        for armed in entry.arms:
            changed[armed.key, armed.occurrence] = (armed, armed.status)
            if armed.status == "pending" and (self.soonest is None or armed.due_at < self.soonest):
                self.soonest = armed.due_at
        for (key, occurrence), (armed, status) in changed.items():
            basis: dict[str, Any] = {"rule": armed.rule, "calendar": armed.calendar, "inclusive": armed.inclusive}
            if armed.remaining is not None:
                basis["remaining"] = str(armed.remaining)
            ended = None if status in {"pending", "reference", "suspended"} else self._at
            self._rows["clocks"].append({
                "id": id_, "key": key, "occurrence": occurrence, "status": status,
                "started_at": armed.started_at.isoformat(), "due_at": armed.due_at.isoformat(), "armed_seq": entry.seq,
                "provisional": armed.provisional, "basis": basis, "ended_at": ended,
            })  # fmt: skip

    def _finish(self) -> None:
        """One row a matter, as it stands at the end; one row a clock, the last."""
        for ref, loaded in self._changed.items():
            m = loaded.matter
            due = min((a.due_at for a in m.deadlines.values() if a.status == "pending"), default=None)
            d = self._library.describe(m)
            lon, lat = d.position or (None, None)
            closed = m.passages[-1].at if m.closed and m.passages else None
            opening = self._opening.get(ref)
            self._rows["matter" if opening is None else "open"].append({
                **(opening or {}),
                "id": loaded.id, "seq": m.seq, "head": _bytea(loaded.head), "state": m.state, "version": m.version, "holder": m.holder, "agency": loaded.agency,
                "snapshot": matter_data(m), "updated_at": self._at, "closed_at": closed.isoformat() if closed else None,
                "due_at": due.isoformat() if due else None, "title": d.title, "place": d.place, "lon": lon, "lat": lat,
                "cell": d.cell, "subject": _bytea(d.subject), "assignee": d.assignee,
            })  # fmt: skip
        if self._rows["clocks"]:
            last = {(row["id"], row["key"], row["occurrence"]): row for row in self._rows["clocks"]}
            self._rows["clocks"] = list(last.values())

    def statements(self, *, wake: bool = False, command: Row | None = None) -> Iterator[tuple[Statement, Parameters]]:
        """What writes all rows, in the order of dependence.

        Args:
            wake: tell the runners that a clock falls due at once.
            command: the answer to keep for the caller's key.
        """
        rows = self._rows
        if command is not None:
            rows["command"] = [command]
        for table in TABLES:
            if table is MATTERS:  # the database writes the journal meanwhile
                self._finish()
            if found := rows.get(table.name):
                yield table.writing(found)
        if wake and self.soonest is not None:
            yield WAKE, [self.soonest.isoformat().encode()]
