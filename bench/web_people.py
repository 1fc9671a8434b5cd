"""``python -m bench.web_people DSN [FILL]``: staff with sessions and tokens for the web benches, as one JSON document.

``FILL`` is ``million`` or a number: so many matters of parking, copied in by a superuser as commands would leave them;
``streets-million`` or ``streets-<number>``: the same with what they counted, a grid of blocks, and the rollups of boards.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from bench.records_fill import indexes_later

__all__ = ["BENCHES"]

BENCHES = ()
UNITS = (("urban", "urban", 12), ("traffic", "traffic_police", 6))
"""Agencies: code, kind, number of units."""


def people() -> dict[str, dict[str, str]]:
    """Two agencies with units, an officer and a reviewer, each with a session and a token."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

    from guangyue.city.accounts.sessions import SessionStore
    from guangyue.city.accounts.tokens import issue_token
    from guangyue.city.models import Account, Agency, Person, RoleHolding
    from guangyue.city.units import add_unit

    now = datetime.now(UTC)
    made: dict[str, Any] = {}
    for code, kind, number in UNITS:
        agency = Agency.objects.create(code=code, kind=kind, name_zh=code, name_en=code)
        root = made[code] = add_unit(agency, code, code, level="city")
        for n in range(number):
            name = f"{code}-{n}"
            made[name] = add_unit(agency, name, name, level="county" if code == "traffic" else "station", parent=root)
    found: dict[str, dict[str, str]] = {}
    scopes = frozenset({"matters:read", "matters:write", "evidence:read", "evidence:write"})
    plan = [(f"officer{n}", "urban_officer", f"urban-{n}", False) for n in range(4)]
    plan += [("reviewer", "traffic_reviewer", "traffic-0", False), ("chief", "agency_head", "traffic", True)]
    plan += [("headquarters", "commander", "urban", True)]
    for login, role, unit, below in plan:
        person = Person.objects.create(number=login)
        account = Account.objects.create_user(login, None, person=person)
        during = DateTimeTZRange(now - timedelta(days=9), None)
        RoleHolding.objects.create(
            person=person, role=role, unit=made[unit], during=during, certificate="B-1", below=below
        )
        if login == "headquarters":  # the joint headquarters is posted to both agencies
            RoleHolding.objects.create(person=person, role=role, unit=made["traffic"], during=during, below=True)
        store = SessionStore()
        store[SESSION_KEY] = store["account_authentication_methods_user"] = str(account.pk)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY] = account.get_session_auth_hash()
        store["account_authentication_methods"] = [{"method": "mfa", "at": now.timestamp(), "type": "totp"}]
        store.create()
        token = issue_token(account, "bench", scopes, now + timedelta(days=2))[1]
        found[login] = {"session": store.session_key or "", "token": token, "account": str(account.pk), "unit": unit}
    return found


CLOCKS = "('noticed', 'reach', 'S-REACH'), ('reminded', 'grace', 'S-GRACE'), ('in_review', 'review', 'L-TRAF-REV')"
"""What runs in a state."""
FILL = """
set session_replication_role = replica;
insert into procedure_text (digest, code, version, canonical) values ('{digest}', 'streets.parking', {version}, '') on conflict do nothing;
insert into matter (id, ref, number, procedure, version, state, title, agency, holder, snapshot, opened_at, updated_at,
    closed_at, due_at, seq, head, lon, lat, place)
select n, n::text, 'GY-' || lpad(n::text, 8, '0'), 'streets.parking', {version}, s.state, '鲁P' || lpad((n % 100000)::text, 5, '0'),
    'urban', s.holder,
    jsonb_build_object('id', n::text, 'procedure', 'streets.parking', 'version', {version}, 'state', s.state, 'closed', s.closed,
        'suspended', false, 'seq', 1, 'holder', s.holder, 'parent', '', 'fields', jsonb_build_object('plate',
        '鲁P' || lpad((n % 100000)::text, 5, '0'), 'street', '柳园路' || n % 300 || '号'), 'deadlines',
        case when s.key is null then '{{}}'::jsonb else jsonb_build_object(s.key, jsonb_build_object('key', s.key, 'n', 1,
            'rule', s.rule, 'from', s.opened, 'due', s.due, 'inclusive', s.key <> 'review', 'calendar', '',
            'status', 'pending')) end,
        'passages', jsonb_build_array(jsonb_build_array(s.state, s.opened, 'act:record', 1)), 'done', '{{"record": 1}}'::jsonb,
        'doers', '{{}}'::jsonb, 'checks', '[]'::jsonb, 'papers', '{{}}'::jsonb, 'shots', '{{}}'::jsonb, 'tasks', '[]'::jsonb,
        'children', '[]'::jsonb, 'relations', '[]'::jsonb),
    s.opened, s.opened, case when s.closed then s.opened + interval '20 minutes' end,
    case when s.key is not null then s.due end, 1, '\\x00',
    115900000 + (n::bigint * 7919) % 200000, 36400000 + (n::bigint * 104729) % 100000, '柳园路' || n % 300 || '号'
from generate_series(1, {count}) n, lateral (
    select n % 13 <> 0 as closed,
        (array['left','decided','dropped'])[1 + (n / 60) % 3] as done,
        (array['noticed','reminded','overdue','in_review'])[1 + (n / 60) % 4] as open,
        now() - make_interval(secs => ({count} - n) * 30.0) as opened, now() + make_interval(secs => n % 400000) as due
) o, lateral (select o.closed, o.opened, o.due, case when o.closed then o.done else o.open end as state,
    case when n % 5 = 0 then 'traffic-' || n % 6 else 'urban-' || n % 12 end as holder, k.key, k.rule
    from (select 1) x left join (values {clocks}) k (state, key, rule) on k.state = o.open and not o.closed) s;
insert into journal (kind, act, actor, at, matter_id, seq, body, hash)
select 'act', 'record', 'account:1', m.opened_at, m.id, 1,
    jsonb_build_object('act', 'record', 'actor', 'account:1', 'after', m.state, 'before', '', 'agency', 'urban',
    'decided_at', m.opened_at, 'observed_at', m.opened_at, 'digest', '{digest}', 'kind', 'act', 'matter', m.ref,
    'procedure', 'streets.parking', 'role', 'role:urban_officer@urban', 'seq', 1, 'unit', m.holder, 'version', {version},
    'sets', m.snapshot -> 'fields')::text, '\\x00' from matter m;
insert into deadline (matter_id, key, status, started_at, due_at, armed_seq, basis)
select m.id, k.key, 'pending', m.opened_at, m.due_at, 1, jsonb_build_object('rule', k.rule, 'inclusive', k.key <> 'review')
from matter m join (values {clocks}) k (state, key, rule) on k.state = m.state where m.closed_at is null;
insert into involvement (unit, matter_id, since, opened_at) select holder, id, opened_at, opened_at from matter;
select setval(pg_get_serial_sequence('matter', 'id'), {count});
"""
"""Rows as commands leave them, but for the chain's links: these benches read pages and verify nothing."""


def fill(dsn: str, count: int) -> None:
    """So many matters."""
    from guangyue.records.library import LIBRARY

    procedure = LIBRARY["streets.parking", 0]
    digest = procedure.digest
    statement = FILL.format(count=count, digest=digest, version=procedure.version, clocks=CLOCKS).replace(
        f"'{digest}', 'streets", f"'\\x{digest}', 'streets", 1
    )
    with psycopg.connect(dsn) as db:
        for setting in BULK:
            db.execute(f"set {setting}")
        with indexes_later(db, "matter", "journal", "deadline", "involvement"):
            db.execute(statement)
    with psycopg.connect(dsn, autocommit=True) as db:
        db.execute("vacuum (analyze) matter, journal, involvement, deadline")
        db.execute("checkpoint")


BULK = ("synchronous_commit = off", "work_mem = '256MB'", "maintenance_work_mem = '512MB'")
"""Of the session that fills."""


TALLIES = """
set session_replication_role = replica;
insert into tally (procedure, figure, at, unit, amount, matter_id, seq)
select 'streets.parking', f.figure, m.opened_at + make_interval(mins => f.after + (m.id % 30)::int), m.holder, 1, m.id, f.seq
from matter m cross join (values ('reminders', 1, 2, ''), ('left_in_time', 6, 3, 'left'), ('penalties', 25, 4, 'decided'),
    ('overstayed', 11, 3, 'decided')) f (figure, after, seq, state)
where f.state = '' and m.state <> 'noticed' or f.state = m.state;
"""


def board(dsn: str) -> None:
    """What the matters counted, 48 blocks, and the rollups that the runner would have made."""
    from shapely.geometry import box

    from guangyue.city.places import add_block
    from guangyue.records.database import alone
    from guangyue.records.figures import roll, stand

    with psycopg.connect(dsn) as db:
        for setting in BULK:
            db.execute(f"set {setting}")
        with indexes_later(db, "tally"):
            db.execute(TALLIES)
    with psycopg.connect(dsn, autocommit=True) as db:
        db.execute("vacuum (analyze) tally")
    for n in range(48):
        west, south = 115.9 + n % 8 * 0.025, 36.4 + n // 8 * 0.0167
        add_block(
            "block",
            f"B{n:02}",
            f"第{n + 1}块",
            box(west, south, west + 0.025, south + 0.0167),
            name_en=f"Block {n + 1}",
        )
    with alone() as raw:
        raw.execute("set work_mem = '256MB'")
        roll(raw)
        stand(raw)
    with psycopg.connect(dsn, autocommit=True) as db:
        db.execute("vacuum (analyze) tally, figure_day, figure_block, figure_wait, figure_spot, figure_standing")


def main() -> None:
    """Make them and say who they are."""
    import django

    django.setup()
    said = people()
    if len(sys.argv) > 2 and sys.argv[2]:
        streets, _, many = sys.argv[2].rpartition("-")
        fill(sys.argv[1], 1_000_000 if many == "million" else int(many))
        if streets:
            board(sys.argv[1])
    print(json.dumps(said))


if __name__ == "__main__":
    main()
