"""The 18 sources: typed, lawful, checked as a set."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from guangyue.engines.fraud.schema import LIMITS, Kind, SourceError, check_sources, code, flag, token
from guangyue.engines.fraud.sources import BY_CODE, SOURCES


def test_there_are_eighteen_sources_in_four_families():
    assert len(SOURCES) == 18
    assert len({s.code for s in SOURCES}) == 18


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: s.code)
def test_each_source_states_its_terms(source):
    assert source.zh
    assert source.en
    assert source.owner
    assert all("法" in basis for basis in source.basis)
    assert timedelta(0) < source.lateness <= source.idle <= timedelta(hours=1)
    assert source.slots, "an event must concern somebody or something"
    assert all(c.zh for c in source.columns)


def test_no_column_carries_content_or_an_address():
    forbidden = {"text", "content", "body", "url", "address", "name", "id_number", "latitude", "longitude"}
    assert not {f"{s.code}.{c}" for s in SOURCES for c in s.names if c in forbidden}


def test_a_code_is_stored_as_its_position_and_an_unknown_one_is_named():
    channel = BY_CODE["bank_transfer"].column("channel")
    assert channel.number("counter") == 2
    with pytest.raises(SourceError, match=r"channel knows no 'fax' \(known: mobile, web, counter, atm, pos\)"):
        channel.number("fax")
    with pytest.raises(SourceError, match="must lie in 0 … 10000000000000, not -1"):
        BY_CODE["cash"].column("amount").number(-1)


def test_an_unknown_column_is_named_with_those_there_are():
    with pytest.raises(SourceError, match=r"cash has no column 'amout' \(it has person, own_account"):
        BY_CODE["cash"].column("amout")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"basis": ()}, "needs a lawful basis"),
        ({"owner": ""}, "needs a lawful basis and an owner"),
        ({"lateness": timedelta(hours=2)}, "lateness must lie between"),
        ({"columns": (flag("answered", "是否接通"),)}, "names no person"),
        ({"columns": (token("person", "人"), flag("a", "甲"), flag("a", "甲"))}, "x.a: declared twice"),
        ({"columns": (token("person", "人"), code("kind", "类"))}, "1 to 62 choices"),
        ({"columns": (flag("person", "人"),)}, "a slot holds a token"),
        ({"columns": (token("person", "人"), flag("time", "时"))}, "reserved name"),
    ],
)
def test_a_wrong_declaration_is_refused_with_its_fault(changes, fault):
    good = replace(BY_CODE["cash"], code="x")
    assert check_sources((good,)) == (good,)
    with pytest.raises(SourceError, match=fault):
        check_sources((replace(good, **changes),))


def test_every_kind_has_limits():
    assert set(LIMITS) == set(Kind)
