-- The journal: append-only, one chain of SHA-256 links per matter, its head in the matter's row.

-- The text is the record; the other columns say again what stands in it, and the database holds them to that. RFC 3339
-- with its offset written out says the same moment in every time zone setting.
create function journal_says(body text, seq integer, kind text, act text, actor text, at timestamptz, clock bigint)
returns boolean language plpgsql immutable parallel safe as $$
declare
    said jsonb := body;
begin
    return coalesce(said ->> 'kind' = kind and said ->> 'act' = act and said ->> 'actor' = actor
        and said ->> 'seq' = seq::text and (said ->> 'decided_at')::timestamptz = at
        and (said ->> 'clock') is not distinct from clock::text, false);
end $$;

create table journal (
    matter_id   bigint not null,
    seq         integer not null check (seq > 0),
    body        text not null,
    hash        bytea not null,
    written_at  timestamptz not null default clock_timestamp(),
    kind        text not null,
    act         text not null,
    actor       text not null,
    at          timestamptz not null,
    deadline_id bigint,
    primary key (matter_id, seq),
    constraint journal_says check (journal_says(body, seq, kind, act, actor, at, deadline_id))
);
comment on column journal.body is 'the exact canonical text that was hashed';
comment on column journal.deadline_id is 'the exactly-once gate of the deadline that fired';
create unique index journal_deadline_id_key on journal (deadline_id) where deadline_id is not null;
create index journal_actor on journal (actor, at);
create index journal_written on journal using brin (written_at) with (pages_per_range = 16, autosummarize = on);

-- The access log's moments are read out of its text.
create function said_moment(body text, name text) returns timestamptz language plpgsql immutable strict parallel safe as $$
begin
    return (body::jsonb ->> name)::timestamptz;
end $$;

-- The link before the first, so that a chain cannot be moved to another matter.
create function journal_genesis(matter bigint) returns bytea language sql immutable strict parallel safe
    return sha256(convert_to('guangyue/1 matter ' || matter || E'\n', 'UTF8'));
create function journal_link(prev bytea, seq integer, body text) returns bytea language sql immutable strict parallel safe
    return sha256(prev || convert_to(seq || E'\n' || body, 'UTF8'));

-- A matter begins empty, or complete with its first entries already in the journal.
create function matter_genesis() returns trigger language plpgsql as $$
begin
    if new.seq is null or new.seq = 0 then
        new.seq := 0;
        new.head := journal_genesis(new.id);
    elsif not exists (
        select from journal where matter_id = new.id and seq = new.seq and hash = new.head
            and strpos(body, '"matter":"' || new.ref || '"') > 0
    ) then
        raise exception 'journal.wrong_head: matter %', new.ref using errcode = 'GY002';
    end if;
    return new;
end $$;
create trigger genesis before insert on matter for each row execute function matter_genesis();

-- An entry must follow the one before it; two entries of one number cannot be, so a chain has no forks and no gaps.
create function journal_append() returns trigger language plpgsql as $$
declare
    prev bytea;
begin
    if new.seq = 1 then
        prev := journal_genesis(new.matter_id);
    else
        select hash into prev from journal where matter_id = new.matter_id and seq = new.seq - 1;
    end if;
    if prev is null or new.hash is distinct from journal_link(prev, new.seq, new.body) then
        raise exception 'journal.broken_link: entry % of matter % does not follow the one before', new.seq, new.matter_id
            using errcode = 'GY002';
    end if;
    return new;
end $$;
create trigger append before insert on journal for each row execute function journal_append();

-- A head moves forward only, and only to an entry that is there and is this matter's.
create function matter_head() returns trigger language plpgsql as $$
begin
    if new.id <> old.id or new.ref <> old.ref or new.seq < old.seq or not exists (
        select from journal where matter_id = new.id and seq = new.seq and hash = new.head
            and strpos(body, '"matter":"' || new.ref || '"') > 0
    ) then
        raise exception 'journal.wrong_head: matter %', new.ref using errcode = 'GY002';
    end if;
    return new;
end $$;
create trigger head before update on matter for each row
    when (old.id <> new.id or old.ref <> new.ref or old.seq <> new.seq or old.head <> new.head)
    execute function matter_head();

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'record.append_only: % of % is refused', lower(tg_op), tg_table_name using errcode = 'GY003';
end $$;
create trigger guard before update or delete on journal for each row execute function refuse_change();
create trigger guard_all before truncate on journal for each statement execute function refuse_change();
create trigger guard before delete on matter for each row execute function refuse_change();
create trigger guard_all before truncate on matter for each statement execute function refuse_change();
create trigger guard before update or delete on procedure_text for each row execute function refuse_change();
create trigger guard_all before truncate on procedure_text for each statement execute function refuse_change();
create trigger guard before update or delete on document for each row execute function refuse_change();
create trigger guard_all before truncate on document for each statement execute function refuse_change();
create trigger guard before update or delete on document_file for each row execute function refuse_change();
create trigger guard_all before truncate on document_file for each statement execute function refuse_change();

-- What a command has answered; the same key gives the same answer, and never acts twice.
create table command (
    actor    text not null,
    key      text not null check (length(key) between 1 and 255),
    request  bytea not null,
    matter_id bigint,
    answer   jsonb not null,
    at       timestamptz not null default clock_timestamp(),
    primary key (actor, key)
);
create index command_at on command using brin (at);

-- Access log: every read of personal data. Linked into a chain per day a moment later, so that readers never queue.
create table access_log (
    id        bigint generated always as identity primary key,
    body      text not null,
    viewer    text not null generated always as (body::jsonb ->> 'viewer') stored,
    purpose   text not null generated always as (body::jsonb ->> 'purpose') stored check (purpose <> ''),
    what      text not null generated always as (body::jsonb ->> 'what') stored,
    matter_id bigint generated always as ((body::jsonb ->> 'matter')::bigint) stored,
    subject   text generated always as (body::jsonb ->> 'subject') stored,
    at        timestamptz not null generated always as (said_moment(body, 'at')) stored,
    day       date,
    seq       integer,
    hash      bytea,
    unique (day, seq)
);
create index access_unlinked on access_log (id) where hash is null;
create index access_matter on access_log (matter_id, id) where matter_id is not null;
create index access_subject on access_log (subject, id) where subject is not null;
create index access_viewer on access_log (viewer, id);

create table access_day (
    day  date primary key,
    seq  integer not null default 0,
    head bytea not null
);
create function access_genesis(day date) returns bytea language sql immutable strict parallel safe
    return sha256(convert_to('guangyue/1 access ' || to_char(day, 'YYYY-MM-DD') || E'\n', 'UTF8'));

create function guard_access() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        if new.hash is not null or new.seq is not null then
            raise exception 'access.linked_later: a new entry has no link yet' using errcode = 'GY003';
        end if;
        return new;
    end if;
    if tg_op = 'DELETE' or old.hash is not null or old.id <> new.id or old.body <> new.body then
        raise exception 'record.append_only: % of access_log is refused', lower(tg_op) using errcode = 'GY003';
    end if;
    insert into access_day (day, seq, head) values (new.day, 0, access_genesis(new.day)) on conflict do nothing;
    update access_day set seq = new.seq, head = new.hash
        where day = new.day and seq = new.seq - 1 and new.hash = journal_link(head, new.seq, new.body);
    if not found then
        raise exception 'access.broken_link: entry % does not follow its day''s head', new.id using errcode = 'GY002';
    end if;
    return new;
end $$;
create trigger guard before insert or update or delete on access_log for each row execute function guard_access();
create trigger guard_all before truncate on access_log for each statement execute function refuse_change();
create trigger guard before delete on access_day for each row execute function refuse_change();

-- Seals: one ever-growing Merkle tree (RFC 6962) over heads; each seal is a signed checkpoint of its size and root.
create table seal (
    n          integer primary key check (n > 0),
    size       bigint not null,
    root       bytea not null check (octet_length(root) = 32),
    at         timestamptz not null,
    checkpoint text not null
);
create table seal_leaf (
    position  bigint primary key check (position >= 0),
    chain     text not null,
    seq       integer not null,
    head      bytea not null,
    unique (chain, seq)
);
comment on column seal_leaf.chain is '"matter 17" or "access 2026-11-22"';
-- Whole subtrees of 256 leaves and more, so that a proof reads a few rows and not the whole tree.
create table seal_node (
    level    integer not null,
    position bigint not null,
    hash     bytea not null,
    sm3      bytea,
    primary key (level, position)
);
create trigger guard before update or delete on seal for each row execute function refuse_change();
create trigger guard_all before truncate on seal for each statement execute function refuse_change();
create trigger guard before update or delete on seal_leaf for each row execute function refuse_change();
create trigger guard_all before truncate on seal_leaf for each statement execute function refuse_change();
create trigger guard before update or delete on seal_node for each row execute function refuse_change();
create trigger guard_all before truncate on seal_node for each statement execute function refuse_change();
