"""What a process keeps is bounded: the oldest goes for the newest, and the same key takes nobody's place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guangyue.records.kept import Kept


@given(st.integers(1, 5), st.lists(st.tuples(st.integers(0, 9), st.integers())))
def test_the_newest_keys_are_kept(most, told):
    kept: Kept[int] = Kept(most)
    want: dict[int, int] = {}
    for key, value in told:
        assert kept.keep(key, value) == value
        want[key] = value
        while len(want) > most:
            del want[next(iter(want))]
        assert {k: kept.get(k) for k in range(10) if kept.get(k) is not None} == want
        assert len(kept) == len(want) <= most
