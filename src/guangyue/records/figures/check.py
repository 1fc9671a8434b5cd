"""Do the tallies say what the journal says? The journal is right."""

from __future__ import annotations

from dataclasses import dataclass

from guangyue.records.database import Db

__all__ = ["Difference", "check"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of one journal entry that the tallies count otherwise."""

    matter_id: int
    seq: int
    figure: str
    journal: int
    tally: int


_CHECK = """
with said as (
    select j.matter_id, j.seq, c ->> 0 as figure, sum((c ->> 1)::bigint) as amount
    from journal j, jsonb_array_elements(coalesce(j.body::jsonb -> 'counts', '[]')) c
    where j.matter_id between %(first)s and %(last)s group by 1, 2, 3
), kept as (
    select matter_id, seq, figure, sum(amount) as amount from tally
    where matter_id between %(first)s and %(last)s group by 1, 2, 3
)
select coalesce(s.matter_id, k.matter_id), coalesce(s.seq, k.seq), coalesce(s.figure, k.figure),
       coalesce(s.amount, 0)::bigint, coalesce(k.amount, 0)::bigint
from said s full join kept k on (s.matter_id, s.seq, s.figure) = (k.matter_id, k.seq, k.figure)
where coalesce(s.amount, 0) <> coalesce(k.amount, 0) order by 1, 2, 3 limit %(most)s
"""


def check(raw: Db, *, first: int = 0, last: int = 2**62, most: int = 100) -> list[Difference]:
    """The first differences between journal and tallies, for the matters of a range."""
    return [Difference(*row) for row in raw.execute(_CHECK, {"first": first, "last": last, "most": most}).fetchall()]
