"""What a decision leaves in the tables, gathered row by row and written with one statement a table.

The same writing serves one command and a run of a hundred lapses.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from guangyue.kernel import Decision, Entry, Matter, entry_data, evolve, matter_data
from guangyue.records import chain, numbers
from guangyue.records.commands import outgoing
from guangyue.records.commands.load import Loaded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from guangyue.kernel import Armed, Procedure
    from guangyue.records.commands.order import Party
    from guangyue.records.database import Db
    from guangyue.records.library import Library
    from guangyue.records.personal import Value

__all__ = ["Batch"]

Row = tuple[Any, ...]
FIRED = {"lapse", "alarm", "dropped"}

_JOURNAL = "insert into journal (matter_id, seq, body, hash) select * from unnest(%s::bigint[], %s::int[], %s::text[], %s::bytea[])"
_OPEN = """
    insert into matter (id, ref, procedure, version, state, agency, holder, parent_id, opened_at, updated_at, snapshot)
    select *, '{}' from unnest(%s::bigint[], %s::text[], %s::text[], %s::int[], %s::text[], %s::text[], %s::text[],
                               %s::bigint[], %s::timestamptz[], %s::timestamptz[])
"""
_MATTER = """
    update matter m set state = n.state, version = n.version, holder = n.holder, agency = n.agency, snapshot = n.snapshot,
        updated_at = n.updated_at, closed_at = n.closed_at, due_at = n.due_at, title = n.title, place = n.place,
        lon = n.lon, lat = n.lat, cell = n.cell, subject = n.subject, assignee = n.assignee
    from unnest(%s::bigint[], %s::text[], %s::int[], %s::text[], %s::text[], %s::jsonb[], %s::timestamptz[],
                %s::timestamptz[], %s::timestamptz[], %s::text[], %s::text[], %s::int[], %s::int[], %s::bigint[],
                %s::bytea[], %s::text[])
        n (id, state, version, holder, agency, snapshot, updated_at, closed_at, due_at, title, place, lon, lat, cell,
           subject, assignee)
    where m.id = n.id
"""
# A clock that was fired and runs again is a new row to the journal's once-only gate.
_CLOCKS = """
    insert into deadline as d (matter_id, key, occurrence, status, started_at, due_at, armed_seq, provisional, basis, ended_at)
    select * from unnest(%s::bigint[], %s::text[], %s::int[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::int[],
                         %s::bool[], %s::jsonb[], %s::timestamptz[])
    on conflict (matter_id, key, occurrence) do update set
        id = case when d.status = 'fired' and excluded.status = 'pending'
             then nextval(pg_get_serial_sequence('deadline', 'id')) else d.id end,
        status = excluded.status, due_at = excluded.due_at, provisional = excluded.provisional, basis = excluded.basis,
        ended_at = excluded.ended_at, attempts = 0, next_attempt_at = null, last_error = null
"""
_TASKS = """
    insert into task (matter_id, code, number, hop, unit, status, since, by, note)
    select * from unnest(%s::bigint[], %s::text[], %s::int[], %s::int[], %s::text[], %s::text[], %s::timestamptz[],
                         %s::text[], %s::text[])
    on conflict (matter_id, code, number, hop) do update set
        unit = excluded.unit, status = excluded.status, since = excluded.since, by = excluded.by, note = excluded.note
"""
_RELATIONS = """
    insert into relation (matter_id, kind, other_id, made_at)
    select n.id, n.kind, m.id, n.at from unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[]) n (id, kind, ref, at)
    join matter m on m.ref = n.ref on conflict do nothing
"""
_UNTIES = """
    delete from relation r using unnest(%s::bigint[], %s::text[], %s::text[]) n (id, kind, ref), matter m
    where m.ref = n.ref and r.matter_id = n.id and r.kind = n.kind and r.other_id = m.id
"""
_OUTBOX = """
    insert into outbox (channel, key, matter_id, seq, payload, made_at, next_attempt_at)
    select * from unnest(%s::text[], %s::text[], %s::bigint[], %s::int[], %s::jsonb[], %s::timestamptz[], %s::timestamptz[])
    on conflict (channel, key) do nothing
"""
_TALLY = """
    insert into tally (procedure, figure, at, unit, amount, matter_id, seq)
    select * from unnest(%s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::bigint[], %s::bigint[], %s::int[])
"""
_PAPERS = """
    insert into document (matter_id, seq, code, number, facts, issued_at)
    select * from unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::jsonb[], %s::timestamptz[])
"""
_INVOLVED = """
    insert into involvement (unit, matter_id, since) select * from unnest(%s::text[], %s::bigint[], %s::timestamptz[])
    on conflict do nothing
"""
_PERSONAL = """
    insert into personal_value (matter_id, seq, name, kind, token, search, digest, made_at)
    select * from unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::bytea[], %s::bytea[], %s::text[], %s::timestamptz[])
"""
_PARTIES = """
    insert into party (matter_id, role, account, search, made_at)
    select * from unnest(%s::bigint[], %s::text[], %s::text[], %s::bytea[], %s::timestamptz[])
"""
_CLOCK_IDS = """
    select m.ref, d.key, d.occurrence, d.id from unnest(%s::text[], %s::text[], %s::int[]) n (ref, key, occurrence)
    join matter m on m.ref = n.ref join deadline d on d.matter_id = m.id and d.key = n.key and d.occurrence = n.occurrence
"""
# The order is that of dependence: a matter before its journal, the journal (which moves heads) before the matter's rest.
_STATEMENTS = (
    ("open", _OPEN), ("journal", _JOURNAL), ("matter", _MATTER), ("clocks", _CLOCKS), ("tasks", _TASKS),
    ("relations", _RELATIONS), ("unties", _UNTIES), ("papers", _PAPERS), ("personal", _PERSONAL), ("parties", _PARTIES),
    ("involved", _INVOLVED), ("tally", _TALLY), ("outbox", _OUTBOX),
)  # fmt: skip


class Batch:
    """The rows of one or many decisions of one transaction."""

    def __init__(self, db: Db, library: Library, now: datetime, matters: Mapping[str, Loaded]) -> None:
        """Begin with the locked matters, by their kernel id."""
        self._db = db
        self._library = library
        self._now = now
        self._matters = dict(matters)
        self._rows: dict[str, list[Row]] = {name: [] for name, _ in _STATEMENTS}
        self._changed: dict[str, Loaded] = {}
        self._clock_ids: dict[tuple[str, str, int], int] = {}
        self.numbers: dict[str, str] = {}
        self.soonest: datetime | None = None
        self.kept: set[tuple[str, str]] = set()

    def expect(self, clock_ids: Mapping[tuple[str, str, int], int]) -> None:
        """The rows of clocks that fire, where the caller has them already."""
        self._clock_ids.update(clock_ids)

    def add(self, decision: Decision, parties: tuple[Party, ...] = ()) -> None:
        """Take in a decision on the locked matters."""
        self._find_clocks(decision)
        fresh = [e.matter for e in decision.entries if e.seq == 1 and e.matter not in self._matters]
        ids = self._new_ids(fresh)
        for entry in decision.entries:
            loaded = self._matters.get(entry.matter) or self._opened(entry, ids[entry.matter])
            self._entry(loaded, entry)
            self._changed[entry.matter] = loaded
        first = self._matters[decision.entries[0].matter]
        for p in parties:
            self._rows["parties"].append((first.id, p.role, p.account, p.search, self._now))

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
        loaded = Loaded(id_, chain.matter_genesis(id_), None, entry.agency, procedure, matter)
        self._matters[entry.matter] = loaded
        at = entry.observed_at
        self._rows["open"].append((
            id_, entry.matter, entry.procedure, entry.version, entry.after, entry.agency, entry.holder, parent, at, self._now,
        ))  # fmt: skip
        return loaded

    def _entry(self, loaded: Loaded, entry: Entry) -> None:
        before, procedure = loaded.matter, loaded.procedure
        clock = next(
            (self._clock_ids.get((entry.matter, s.key, s.occurrence)) for s in entry.stops if s.status == "fired" and s.key == entry.act),
            None,
        ) if entry.kind in FIRED else None  # fmt: skip
        entry, sealed = self._sealed(procedure, entry)
        given = numbers.take(self._db, entry, entry.holder or before.holder, self._now)
        self.numbers.update(given)
        data = entry_data(entry, lambda _, value: value, frozenset())
        if clock is not None:
            data["clock"] = clock
        if given:
            data["numbers"] = given
        body = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        loaded.head = chain.link(loaded.head, entry.seq, body)
        loaded.matter = after = evolve(before, entry)
        rows = self._rows
        rows["journal"].append((loaded.id, entry.seq, body, loaded.head))
        self._clocks(loaded.id, before, entry)
        for task in entry.tasks:
            for place, hop in enumerate(task.hops):
                rows["tasks"].append(
                    (loaded.id, task.code, task.number, place, hop.unit, hop.status, hop.since, hop.by, hop.note)
                )
        rows["relations"] += [(loaded.id, kind, other, self._now) for kind, other in entry.relations]
        rows["unties"] += [(loaded.id, kind, other) for kind, other in entry.unties]
        for paper in entry.papers:
            facts = {name: data.get("values", {}).get(name, after.fields.get(name)) for name in paper.needs}
            number = given.get(paper.code)
            rows["papers"].append((loaded.id, entry.seq, paper.code, number, outgoing.json_of(facts), self._now))
        for value in sealed:
            rows["personal"].append(
                (loaded.id, entry.seq, value.name, value.kind, value.token, value.search, value.digest, self._now)
            )
        units = {entry.unit, entry.holder, *(h.unit for t in entry.tasks for h in t.hops)} - {"", before.holder}
        rows["involved"] += [(unit, loaded.id, self._now) for unit in sorted(units)]
        unit = entry.unit or after.holder
        rows["tally"] += [
            (entry.procedure, code, entry.observed_at, unit, amount, loaded.id, entry.seq)
            for code, amount in entry.counts
        ]
        for channel, key, payload in outgoing.messages(procedure, after, entry):
            rows["outbox"].append((channel, key, loaded.id, entry.seq, Jsonb(payload), self._now, self._now))

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
            ended = None if status in {"pending", "reference", "suspended"} else self._now
            self._rows["clocks"].append((
                id_, key, occurrence, status, armed.started_at, armed.due_at, entry.seq, armed.provisional, Jsonb(basis), ended,
            ))  # fmt: skip

    def _finish(self) -> None:
        """One row a matter, as it stands at the end; one row a clock, the last."""
        for loaded in self._changed.values():
            m = loaded.matter
            due = min((a.due_at for a in m.deadlines.values() if a.status == "pending"), default=None)
            d = self._library.describe(m)
            lon, lat = d.position or (None, None)
            closed = m.passages[-1].at if m.closed and m.passages else None
            self._rows["matter"].append((
                loaded.id, m.state, m.version, m.holder, loaded.agency, Jsonb(matter_data(m)), self._now, closed, due,
                d.title, d.place, lon, lat, d.cell, d.subject, d.assignee,
            ))  # fmt: skip
        last = {(row[0], row[1], row[2]): row for row in self._rows["clocks"]}
        self._rows["clocks"] = list(last.values())

    def write(self) -> None:
        """Send all rows; inside a pipeline nothing waits."""
        self._finish()
        for name, statement in _STATEMENTS:
            rows = self._rows[name]
            if rows:
                self._db.execute(statement, [list(column) for column in zip(*rows, strict=True)])
