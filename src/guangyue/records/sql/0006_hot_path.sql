-- The two calls of a command again, with less work in each: texts go to and fro as they are, a new matter is written once
-- and complete, and its number is taken in the same call that locks.

-- A matter begins empty, or complete with its first entries already in the journal.
create or replace function matter_genesis() returns trigger language plpgsql as $$
begin
    if new.seq is null or new.seq = 0 then
        new.seq := 0;
        new.head := journal_genesis(new.id);
    elsif not exists (
        select from journal where matter_id = new.id and seq = new.seq and hash = new.head
            and body::jsonb ->> 'matter' = new.ref
    ) then
        raise exception 'journal.wrong_head: matter %', new.ref using errcode = 'GY002';
    end if;
    return new;
end $$;

-- Locks and reads for one command. `asked` has refs, subjects, who, key, and for a new matter the unit that numbers it.
create function command_open(asked json) returns json language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
    received timestamptz;
    refs text[] := array(select json_array_elements_text(asked -> 'refs'));
    subjects json := asked -> 'subjects';
    matters json;
    last timestamptz;
    said bytea;
    answered json;
    rate double precision;
    now timestamptz;
    fresh bigint;
    day text;
    number bigint;
begin
    select c.anchor_city + (clock_timestamp() - c.anchor_real) * c.rate into received from city_clock c;
    if cardinality(refs) > 0 then
        select json_agg(row_to_json(x)), max(x.updated_at) into matters, last from (
            select m.id, m.ref, m.procedure, m.version, encode(m.head, 'hex') as head, m.updated_at, m.agency, m.number,
                m.snapshot
            from matter m where m.id = any(array(
                select id from matter where ref = any(refs)
                union select parent_id from matter where ref = any(refs)
                union select other_id from relation r join matter x on x.id = r.matter_id where x.ref = any(refs)
            )) order by m.id for update of m
        ) x;
    end if;
    if json_typeof(subjects) = 'array' then
        insert into subject (kind, key) select s.kind, decode(s.key, 'hex')
            from json_to_recordset(subjects) s (kind text, key text) order by 1, 2 on conflict do nothing;
        perform 1 from subject s where (s.kind, s.key) in (
            select n.kind, decode(n.key, 'hex') from json_to_recordset(subjects) n (kind text, key text)
        ) order by s.kind, s.key for update of s;
    end if;
    if asked ->> 'key' <> '' then
        select c.request, c.answer into said, answered from command c
            where c.actor = asked ->> 'who' and c.key = asked ->> 'key';
    end if;
    select c.rate, greatest(c.anchor_city + (clock_timestamp() - c.anchor_real) * c.rate, last)
        into rate, now from city_clock c;
    if said is null and asked ->> 'unit' is not null then
        fresh := nextval(pg_get_serial_sequence('matter', 'id'));
        -- The number's row is locked last, and given back with the whole transaction when the command is refused.
        day := to_char(now at time zone 'Asia/Shanghai', 'YYYYMMDD');
        insert into number_series as s (series, unit, period, last) values ('', asked ->> 'unit', day, 1)
            on conflict (series, unit, period) do update set last = s.last + 1 returning s.last into number;
    end if;
    return json_build_object('received', received, 'now', now, 'rate', rate, 'fresh', fresh, 'day', day, 'number', number,
        'request', encode(said, 'hex'), 'answer', answered, 'matters', matters);
end $$;

-- Writes the rows of one or many decisions, in the order of dependence: the journal before the head that
-- points to it, a matter before what hangs on it.
-- The plans are fixed to look up by key: they are kept for long, and may have been made while the tables were empty.
create function command_keep(rows jsonb) returns void language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    insert into journal (matter_id, seq, body, hash)
        select r.id, r.seq, r.body, decode(r.hash, 'hex')
        from jsonb_to_recordset(rows -> 'journal') r (id bigint, seq int, body text, hash text);
    if rows ? 'open' then
        insert into matter (id, ref, number, procedure, version, state, title, agency, holder, assignee, parent_id, subject, cell,
                lon, lat, place, snapshot, opened_at, updated_at, closed_at, due_at, seq, head)
            select r.id, r.ref, r.number, r.procedure, r.version, r.state, r.title, r.agency, r.holder, r.assignee, r.parent_id,
                decode(r.subject, 'hex'), r.cell, r.lon, r.lat, r.place, r.snapshot, r.opened_at, r.updated_at, r.closed_at,
                r.due_at, r.seq, decode(r.head, 'hex')
            from jsonb_to_recordset(rows -> 'open') r (id bigint, ref text, procedure text, seq int, head text, state text, version int, holder text, agency text,
            snapshot jsonb, opened_at timestamptz, updated_at timestamptz, closed_at timestamptz, due_at timestamptz, title text,
            place text, lon int, lat int, cell bigint, subject text, assignee text, parent_id bigint, number text);
    end if;
    if rows ? 'matter' then
        update matter m set seq = r.seq, head = decode(r.head, 'hex'), state = r.state, version = r.version,
            holder = r.holder, agency = r.agency, snapshot = r.snapshot, updated_at = r.updated_at,
            closed_at = r.closed_at, due_at = r.due_at, title = r.title, place = r.place, lon = r.lon, lat = r.lat,
            cell = r.cell, subject = decode(r.subject, 'hex'), assignee = r.assignee
        from jsonb_to_recordset(rows -> 'matter') r (id bigint, seq int, head text, state text, version int, holder text,
            agency text, snapshot jsonb, updated_at timestamptz, closed_at timestamptz, due_at timestamptz, title text,
            place text, lon int, lat int, cell bigint, subject text, assignee text)
        where m.id = r.id;
    end if;
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
    if rows ? 'more' then
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
