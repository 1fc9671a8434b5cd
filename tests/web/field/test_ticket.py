"""The belt printer: every byte as the printers' manuals have it, and nothing a text could smuggle in."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.streets.papers import issued

from guangyue.desks.streets.papers import register
from guangyue.law import CITY, Text
from guangyue.records.papers import IncompleteError, Issued
from guangyue.web.field.escpos import NARROW, WIDE, Roll, width, wrap
from guangyue.web.field.ticket import ticket

GOLDEN = Path(__file__).with_name("slip.escpos")


def slip(**other) -> Issued:
    at = datetime(2026, 11, 22, 9, 12, tzinfo=CITY)
    given = {
        "code": "slip", "title": Text("违法停车提示单", "Parking reminder slip"), "number": "TS-UM-D1-20261122-0001",
        "facts": {"plate": "鲁P12345", "street": "柳园路12号"}, "fields": {"place_type": "pavement", "colour": "白色"},
        "issued_at": at, "opened_at": at.replace(hour=8, minute=58), "procedure": "streets.parking", "law": None,
        "unit": "直属一大队", "agency": "市城管局", "officer": "W0001", "verify": "https://example.org/verify/TS-UM-D1-20261122-0001.ABCD",
    }  # fmt: skip
    return Issued(**(given | other))


def test_the_commands_byte_for_byte():
    said = Roll(WIDE).text("柳园路 A1", align="centre", bold=True, size=2).qr("AB", dots=5).feed(3).cut()
    assert said == bytes.fromhex(
        "1b40 1c26"  # begin anew, Chinese mode
        "1b6101 1b4501 1d2111 1c210c"  # in the middle, bold, twice as large, both scripts
        "c1f8d4b0c2b7204131 0a"  # 柳园路 A1 in GB18030
        "1b6101"
        "1d286b0400 31413200"  # QR: model 2
        "1d286b0300 314305"  # dots
        "1d286b0300 314531"  # error correction M
        "1d286b0500 315030 4142"  # the data
        "1d286b0300 315130"  # print it
        "0a 1b6100 1b6403 1d564200"  # feed, cut
    )


def test_letters_beyond_gbk_take_four_bytes():
    assert "㐂".encode("gb18030") in Roll().text("㐂").cut()
    assert len("𠀀".encode("gb18030")) == 4
    assert "𠀀".encode("gb18030") in Roll().text("𠀀").cut()


def test_a_name_cannot_become_a_command():
    said = Roll().text("店\x1b@\x1dV\x00名\x07").row("地\x1d点", "路\x10\x14\x01口").cut()
    body = said[len(b"\x1b@\x1c&") :]
    assert "店@V名".encode("gb18030") in body
    assert b"\x1b@" not in body
    assert body.count(b"\x1dV") == 1, "only the last, which cuts"


@given(st.text(max_size=200), st.sampled_from([NARROW, WIDE, NARROW // 2]))
def test_no_line_is_wider_than_the_roll(text, columns):
    for line in wrap(text, columns):
        marks = 2 if line[-1:] in "，。、；：！？）》」』”’,.;:!?)" else 0
        assert width(line.rstrip("，。、；：！？）》」』”’,.;:!?)")) <= columns + marks
        assert not any(ord(c) < 32 for c in line)


@given(st.text(alphabet="街道乱停车AB12 ", max_size=120))
def test_nothing_is_lost_by_wrapping(text):
    assert "".join("".join(wrap(text, 16)).split()) == "".join(text.split())


def test_a_code_too_long_for_a_printer_is_refused():
    with pytest.raises(ValueError, match="801 bytes"):
        Roll().qr("x" * 801)


def test_the_slip_is_the_golden_one():
    register()
    said = ticket(slip(), statutory=False)
    assert said == GOLDEN.read_bytes(), hashlib.sha256(said).hexdigest()
    text = said.decode("gb18030", "replace")
    for word in (
        "违法停车提示单",
        "TS-UM-D1-20261122-0001",
        "鲁P·12345",
        "柳园路12号（人行道）",
        "不是处罚决定",
        "扫码",
    ):
        assert word in text
    assert said.endswith(b"\x1dVB\x00")


def test_a_refusal_to_sign_is_noted_on_the_roll_and_who_signs_has_a_line():
    register()
    said = {
        s: ticket(issued("streets.small_ads", "spot", facts=_spot(s)), statutory=True).decode("gb18030", "replace")
        for s in ("signed", "refused")
    }
    assert "拒签，已注明" in said["refused"]
    assert "拒签，已注明" not in said["signed"]
    assert said["signed"].count("_" * 12) == said["refused"].count("_" * 12) + 1
    assert "应当先申请行政复议" in said["signed"], "what the PDF says, the roll says"


def _spot(signed):
    return {**issued("streets.small_ads", "spot").facts, "party_signed": signed}


def test_a_paper_that_lacks_what_the_law_asks_is_not_printed():
    register()
    with pytest.raises(IncompleteError):
        ticket(slip(facts={}, fields={}), statutory=False)
    assert slip().issued_at.tzinfo is not UTC
