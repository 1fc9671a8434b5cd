"""Deadlines and their runner (期限): a table, a short loop, and a gate in the schema.

A clock waits as a row of ``deadline``. Any number of runners look for rows that are due, lock the matter (never the
clock), let the kernel decide, and commit entry, new states, next clocks and messages together. ``journal.deadline_id`` is
unique: however often a clock is tried, by whatever program, one entry comes of it.

The trap of queues in PostgreSQL is answered three times: the fast look begins near the last clock seen instead of at the
beginning of time (rows just fired would be stepped over one by one while an old transaction keeps them visible); a full
sweep every minute finds whatever lies before; and whoever arms a clock that falls due at once says so by ``NOTIFY``.
"""

from guangyue.records.deadlines.fire import Fired, fire_due
from guangyue.records.deadlines.health import Health, health
from guangyue.records.deadlines.runner import Runner

__all__ = ["Fired", "Health", "Runner", "fire_due", "health"]
