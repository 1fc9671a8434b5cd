-- A command is two calls: one locks and reads, the other writes all rows of its decision. Everything crosses as one
-- document each way, because the rows are many and small.

-- Locks matters by id together with those they are tied to, then subjects; afterwards reads what the decision needs.
-- Each statement in here sees what was committed while the one before it waited.
create function command_begin(refs text[], subjects jsonb, who text, key text, opens boolean,
    out received timestamptz, out now timestamptz, out rate double precision, out new_id bigint,
    out request bytea, out answer jsonb, out matters jsonb)
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    received := city_now();
    if cardinality(refs) > 0 then
        select jsonb_agg(to_jsonb(x)) into matters from (
            select m.id, m.ref, m.procedure, m.version, encode(m.head, 'hex') as head, m.updated_at, m.agency, m.snapshot
            from matter m where m.id = any(array(
                select id from matter where ref = any(refs)
                union select parent_id from matter where ref = any(refs)
                union select other_id from relation r join matter x on x.id = r.matter_id where x.ref = any(refs)
            )) order by m.id for update of m
        ) x;
    end if;
    if subjects is not null then
        insert into subject (kind, key) select s.kind, decode(s.key, 'hex')
            from jsonb_to_recordset(subjects) s (kind text, key text) order by 1, 2 on conflict do nothing;
        perform 1 from subject s where (s.kind, s.key) in (
            select n.kind, decode(n.key, 'hex') from jsonb_to_recordset(subjects) n (kind text, key text)
        ) order by s.kind, s.key for update of s;
    end if;
    if key <> '' then
        select c.request, c.answer into request, answer from command c where c.actor = who and c.key = command_begin.key;
    end if;
    select c.rate, city_now() into rate, now from city_clock c;
    now := greatest(now, (select max((m ->> 'updated_at')::timestamptz) from jsonb_array_elements(matters) m));
    if opens then
        new_id := nextval(pg_get_serial_sequence('matter', 'id'));
    end if;
end $$;

-- Writes the rows of one or many decisions, in the order of dependence: a matter before its journal, the journal before
-- the head that points to it.
-- The plans are fixed to look up by key: they are kept for long, and may have been made while the tables were empty.
create function command_write(rows jsonb) returns void language plpgsql
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    if rows ? 'open' then
        insert into matter (id, ref, procedure, version, state, agency, holder, parent_id, opened_at, updated_at, snapshot)
            select r.*, '{}' from jsonb_to_recordset(rows -> 'open') r (id bigint, ref text, procedure text, version int,
                state text, agency text, holder text, parent_id bigint, opened_at timestamptz, updated_at timestamptz);
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
        insert into involvement (unit, matter_id, since)
            select r.* from jsonb_to_recordset(rows -> 'involved') r (unit text, id bigint, at timestamptz)
            on conflict do nothing;
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
