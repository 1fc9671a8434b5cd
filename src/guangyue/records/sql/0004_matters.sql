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
