-- What kind of installation this is, and the time it lives in.

create table installation (
    one        boolean primary key default true check (one),
    kind       text not null default 'development' check (kind in ('development', 'demo', 'production')),
    name       text not null default 'guangyue'
);
insert into installation default values;

-- City time runs from `anchor_city` at `rate` seconds a real second since `anchor_real`; rate 0 stands still.
create table city_clock (
    one         boolean primary key default true check (one),
    anchor_real timestamptz not null,
    anchor_city timestamptz not null,
    rate        double precision not null check (rate >= 0 and rate <= 1000000)
);
insert into city_clock (anchor_real, anchor_city, rate) values (timestamptz 'epoch', timestamptz 'epoch', 1);

-- The only clock of the records. Volatile on purpose: a command asks once, after it holds its locks, so that the times
-- of one matter never run backwards because of waiting.
create function city_now() returns timestamptz language sql volatile parallel safe as $$
    select anchor_city + (clock_timestamp() - anchor_real) * rate from city_clock
$$;

create function guard_clock() returns trigger language plpgsql as $$
declare
    real boolean;
begin
    if tg_op = 'DELETE' then
        raise exception 'clock.fixed: the row of % cannot be removed', tg_table_name using errcode = 'GY001';
    end if;
    if tg_table_name = 'installation' then
        if old.kind = 'production' and new.kind <> 'production' then
            raise exception 'installation.production: a production installation stays one' using errcode = 'GY001';
        end if;
        select rate = 1 and anchor_city = anchor_real into real from city_clock;
        if new.kind = 'production' and not real then
            raise exception 'clock.simulated: production needs the real time' using errcode = 'GY001';
        end if;
    elsif (new.rate <> 1 or new.anchor_city <> new.anchor_real)
        and (select kind = 'production' from installation) then
        raise exception 'clock.simulated: production keeps the real time' using errcode = 'GY001';
    end if;
    return new;
end $$;
create trigger guard before update or delete on installation for each row execute function guard_clock();
create trigger guard before update or delete on city_clock for each row execute function guard_clock();
