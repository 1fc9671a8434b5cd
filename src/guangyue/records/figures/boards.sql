-- Rollups for boards, derived from tallies and matters: every one of them can be thrown away and made anew.

-- The smallest block of the city in which a matter lies, `layer:code`; empty where none was drawn or it has no position.
create table figure_spot (
    matter_id bigint primary key references matter,
    block     text not null default ''
);
create index figure_spot_block on figure_spot (block, matter_id desc);

-- Figures by day and block, and by month (under its first day) so that a year is as quick as a month: by the same mark as
-- figure_day.
create table figure_block (
    grain     text not null check (grain in ('day', 'month')),
    procedure text not null,
    figure    text not null,
    day       date not null,
    block     text not null,
    unit      text not null,
    value     bigint not null,
    primary key (grain, procedure, figure, day, block, unit)
);

-- How long it took from a matter's opening to what a figure counts, in minutes: exact up to two hours, then in steps of
-- ten minutes up to a day, then of an hour.
create table figure_wait (
    grain     text not null check (grain in ('day', 'month')),
    procedure text not null,
    figure    text not null,
    day       date not null,
    minutes   integer not null,
    unit      text not null,
    value     bigint not null,
    primary key (grain, procedure, figure, day, minutes, unit)
);

-- What stands open now, and since when this is known.
create table figure_standing (
    holder    text not null,
    procedure text not null,
    state     text not null,
    block     text not null,
    open      bigint not null,
    overdue   bigint not null,
    oldest    timestamptz not null,
    due       timestamptz,
    primary key (holder, procedure, state, block)
);
create table figure_standing_at (
    one boolean primary key default true check (one),
    at  timestamptz not null
);

-- The rollup of days begins anew together with these, so that both count the same tallies.
delete from figure_day;
update figure_mark set last_xid = '0';
