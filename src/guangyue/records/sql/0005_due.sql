-- The next clocks of one state, with a holder: a state that many open matters are in is not read whole for the first fifty.
create index matter_due_state on matter (holder, procedure, state, (coalesce(due_at, timestamptz 'infinity')), id)
    where closed_at is null;
