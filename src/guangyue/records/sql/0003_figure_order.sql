-- Ids are not committed in order; transaction numbers tell which rows can still be joined by an older one in flight.
alter table tally add column xid xid8 not null default pg_current_xact_id();
create index tally_xid on tally (xid);
alter table figure_mark add column last_xid xid8 not null default '0';
alter table figure_mark drop column last_id;
