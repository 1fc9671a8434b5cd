-- How matters are found: by who has them in hand or once had, by state, by the next clock, by subject and place; the
-- newest first is the order of opening. And what changed since, for whoever watches.

drop index matter_holder, matter_agency, matter_procedure, matter_holder_procedure, matter_open_holder, matter_open_agency,
    matter_assignee, matter_subject, matter_cell, matter_opened;
create index matter_opened on matter (opened_at desc, id desc);
create index matter_state on matter (procedure, state, opened_at desc, id desc);
create index matter_holder on matter (holder, opened_at desc, id desc);
create index matter_holder_state on matter (holder, procedure, state, opened_at desc, id desc);
create index matter_open on matter (holder, opened_at desc, id desc) where closed_at is null;
create index matter_due on matter (holder, (coalesce(due_at, timestamptz 'infinity')), id) where closed_at is null;
create index matter_due_all on matter ((coalesce(due_at, timestamptz 'infinity')), id) where closed_at is null;
create index matter_assignee on matter (assignee, opened_at desc, id desc) where assignee <> '';
create index matter_subject on matter (subject, opened_at desc, id desc) where subject is not null;
create index matter_place on matter (place, opened_at desc, id desc) where place <> '';
create index matter_cell on matter (cell, opened_at desc, id desc) where cell is not null;
create index document_any_number on document (number) where number is not null;

alter table involvement add column opened_at timestamptz;
update involvement i set opened_at = m.opened_at from matter m where m.id = i.matter_id;
alter table involvement alter column opened_at set not null;
create index involvement_opened on involvement (unit, opened_at desc, matter_id desc);

-- The photographs and recordings that a journal names, whether their bytes have arrived or not.
create table piece (
    matter_id bigint not null references matter,
    seq       integer not null,
    sha256    text collate "C" not null,
    primary key (matter_id, seq, sha256)
);
create index piece_sha256 on piece (sha256);
insert into piece (matter_id, seq, sha256)
    select j.matter_id, j.seq, p ->> 'sha256' from journal j, jsonb_array_elements(j.body::jsonb -> 'evidence') p
    where j.body::jsonb ? 'evidence' and p ->> 'sha256' is not null on conflict do nothing;
create trigger guard before update or delete on piece for each row execute function refuse_change();
create trigger guard_all before truncate on piece for each statement execute function refuse_change();

-- What changed, for those who watch: a row an entry, with its transaction's number, kept for a day or two. Numbers are
-- not committed in order, so a watcher keeps a whole snapshot and asks for what was not visible in it.
create table change (
    xid       xid8 not null default pg_current_xact_id(),
    matter_id bigint not null,
    seq       integer not null,
    at        timestamptz not null default clock_timestamp()
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
create index change_xid on change (xid);
-- Everything from this transaction on is in the table; an older watcher has to begin anew, and so has everybody when the
-- database is restored elsewhere, where transactions are numbered anew (another epoch).
create table change_floor (
    one   boolean primary key default true check (one),
    epoch text not null default gen_random_uuid()::text,
    xid   xid8 not null default pg_current_xact_id()
);
insert into change_floor default values;

-- Writes the rows of one or many decisions, in the order of dependence: a matter before its journal, the journal before
-- the head that points to it.
-- The plans are fixed to look up by key: they are kept for long, and may have been made while the tables were empty.
create or replace function command_write(rows jsonb) returns void language plpgsql
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    if rows ? 'open' then
        insert into matter (id, ref, procedure, version, state, agency, holder, parent_id, number, opened_at, updated_at, snapshot)
            select r.*, '{}' from jsonb_to_recordset(rows -> 'open') r (id bigint, ref text, procedure text, version int,
                state text, agency text, holder text, parent_id bigint, number text, opened_at timestamptz, updated_at timestamptz);
    end if;
    insert into journal (matter_id, seq, body, hash)
        select r.id, r.seq, r.body, decode(r.hash, 'hex')
        from jsonb_to_recordset(rows -> 'journal') r (id bigint, seq int, body text, hash text);
    update matter m set seq = r.seq, head = decode(r.head, 'hex'), state = r.state, version = r.version, holder = r.holder, agency = r.agency, snapshot = r.snapshot,
            updated_at = r.updated_at, closed_at = r.closed_at, due_at = r.due_at, title = r.title, place = r.place,
            lon = r.lon, lat = r.lat, cell = r.cell, subject = decode(r.subject, 'hex'), assignee = r.assignee
        from jsonb_to_recordset(rows -> 'matter') r (id bigint, seq int, head text, state text, version int, holder text, agency text,
            snapshot jsonb, updated_at timestamptz, closed_at timestamptz, due_at timestamptz, title text, place text,
            lon int, lat int, cell bigint, subject text, assignee text)
        where m.id = r.id;
    if rows ? 'clocks' then
        -- A clock that was fired and runs again is a new row to the journal's once-only gate.
        insert into deadline as d (matter_id, key, occurrence, status, started_at, due_at, armed_seq, provisional, basis, ended_at)
            select r.* from jsonb_to_recordset(rows -> 'clocks') r (id bigint, key text, occurrence int, status text,
                started_at timestamptz, due_at timestamptz, armed_seq int, provisional boolean, basis jsonb,
                ended_at timestamptz)
            on conflict (matter_id, key, occurrence) do update set
                id = case when d.status = 'fired' and excluded.status = 'pending'
                     then nextval(pg_get_serial_sequence('deadline', 'id')) else d.id end,
                status = excluded.status, due_at = excluded.due_at, provisional = excluded.provisional,
                basis = excluded.basis, ended_at = excluded.ended_at, attempts = 0, next_attempt_at = null, last_error = null;
    end if;
    insert into change (matter_id, seq)
        select r.id, r.seq from jsonb_to_recordset(rows -> 'journal') r (id bigint, seq int);
    if rows ? 'pieces' then
        insert into piece (matter_id, seq, sha256)
            select r.* from jsonb_to_recordset(rows -> 'pieces') r (id bigint, seq int, sha256 text) on conflict do nothing;
    end if;
    if rows ? 'tasks' then
        insert into task (matter_id, code, number, hop, unit, status, since, by, note)
            select r.* from jsonb_to_recordset(rows -> 'tasks') r (id bigint, code text, number int, hop int, unit text,
                status text, since timestamptz, by text, note text)
            on conflict (matter_id, code, number, hop) do update set unit = excluded.unit, status = excluded.status,
                since = excluded.since, by = excluded.by, note = excluded.note;
    end if;
    if rows ? 'relations' then
        insert into relation (matter_id, kind, other_id, made_at)
            select r.id, r.kind, m.id, r.at
            from jsonb_to_recordset(rows -> 'relations') r (id bigint, kind text, ref text, at timestamptz)
            join matter m on m.ref = r.ref on conflict do nothing;
    end if;
    if rows ? 'unties' then
        delete from relation t using jsonb_to_recordset(rows -> 'unties') r (id bigint, kind text, ref text), matter m
            where m.ref = r.ref and t.matter_id = r.id and t.kind = r.kind and t.other_id = m.id;
    end if;
    if rows ? 'papers' then
        insert into document (matter_id, seq, code, number, facts, issued_at)
            select r.* from jsonb_to_recordset(rows -> 'papers') r (id bigint, seq int, code text, number text,
                facts jsonb, at timestamptz);
    end if;
    if rows ? 'personal' then
        insert into personal_value (matter_id, seq, name, kind, token, search, digest, made_at)
            select r.id, r.seq, r.name, r.kind, decode(r.token, 'hex'), decode(r.search, 'hex'), r.digest, r.at
            from jsonb_to_recordset(rows -> 'personal') r (id bigint, seq int, name text, kind text, token text,
                search text, digest text, at timestamptz);
    end if;
    if rows ? 'parties' then
        insert into party (matter_id, role, account, search, made_at)
            select r.id, r.role, r.account, decode(r.search, 'hex'), r.at
            from jsonb_to_recordset(rows -> 'parties') r (id bigint, role text, account text, search text, at timestamptz);
    end if;
    if rows ? 'involved' then
        insert into involvement (unit, matter_id, since, opened_at)
            select r.unit, r.id, r.at, m.opened_at
            from jsonb_to_recordset(rows -> 'involved') r (unit text, id bigint, at timestamptz)
            join matter m on m.id = r.id on conflict do nothing;
    end if;
    if rows ? 'tally' then
        insert into tally (procedure, figure, at, unit, amount, matter_id, seq)
            select r.* from jsonb_to_recordset(rows -> 'tally') r (procedure text, figure text, at timestamptz, unit text,
                amount bigint, id bigint, seq int);
    end if;
    if rows ? 'outbox' then
        insert into outbox (channel, key, matter_id, seq, payload, made_at, next_attempt_at)
            select r.channel, r.key, r.id, r.seq, r.payload, r.at, r.at
            from jsonb_to_recordset(rows -> 'outbox') r (channel text, key text, id bigint, seq int, payload jsonb,
                at timestamptz)
            on conflict (channel, key) do nothing;
    end if;
    if rows ? 'command' then
        insert into command (actor, key, request, matter_id, answer)
            select r.actor, r.key, decode(r.request, 'hex'), r.id, r.answer
            from jsonb_to_recordset(rows -> 'command') r (actor text, key text, request text, id bigint, answer jsonb);
    end if;
    if rows ? 'wake' then
        perform pg_notify('deadline', rows ->> 'wake');
    end if;
end $$;
