"""The desk's papers: every one complete by law or not drawn, PDF/A, with the right words, and looking as they did."""

from __future__ import annotations

import io
import zlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops
from tests.streets.papers import ALL, AT, issued
from tests.streets.people import DESK

from guangyue.desks.streets.papers import IN_THE_STREET, register
from guangyue.desks.streets.papers.wording import capital
from guangyue.law import BOOK, CITY
from guangyue.law.papers import PAPERS
from guangyue.records.papers import IncompleteError, pdf_of, picture, template_for
from guangyue.records.papers.draw import FONTS
from guangyue.records.papers.templates import checked

GOLDEN = Path(__file__).parent / "golden"
LOOKED_AT = (
    ("streets.small_ads", "warning"), ("streets.small_ads", "spot"), ("streets.traffic", "simple"),
    ("streets.shopfront", "order"), ("streets.shopfront", "decision"), ("streets.shopfront", "told_fine"),
    ("streets.transfer", "pack"), ("streets.questioning", "record"), ("streets.identity", "request"),
    ("streets.measure", "voucher"), ("streets.shopfront", "registration"), ("streets.traffic", "summons"),
    ("streets.shopfront", "handed"), ("streets.shopfront", "receipt"), ("streets.shopfront", "told"),
    ("streets.shopfront", "decision_warning"), ("streets.shopfront", "e_service"), ("streets.shopfront", "urge"),
)  # fmt: skip
EACH_ONCE = tuple({name: (code, name) for code, name in ALL}.values())
fonts = pytest.mark.skipif(not any(FONTS.glob("*.ttf")), reason="the papers' fonts are not built: scripts/fonts.sh")


@pytest.fixture(autouse=True, scope="module")
def forms() -> None:
    register()


def filled(procedure: str, code: str, **changes: object):
    paper = issued(procedure, code, **changes)
    template = template_for(procedure, code)
    return template, template.fill(paper), paper


@pytest.mark.parametrize(("procedure", "code"), ALL)
def test_every_paper_carries_what_the_law_asks_for(procedure, code):
    template, values, paper = filled(procedure, code)
    form = DESK[procedure].paper(code)
    rule = PAPERS.get(form.basis, AT)
    wanted = [*rule.fields, *(f for case, f in rule.fields_if if case in form.cases)]
    assert [f for f in wanted if not values.get(f)] == []
    assert not rule.forbidden & values.keys()
    assert checked(template, values, paper.issued_at)
    shown = {title for title, _ in (*values["rows"], *values["below"])}
    if not paper.before:
        assert len(values["rows"]) + len(values["below"]) == len(shown), "nothing twice"


@pytest.mark.parametrize(("procedure", "code"), EACH_ONCE)
def test_a_paper_that_lacks_a_value_is_not_drawn(procedure, code):
    form = DESK[procedure].paper(code)
    rule = PAPERS.get(form.basis, AT)
    for field in rule.fields:
        source = form.fills[field]
        if source.startswith("@"):
            continue
        paper = issued(procedure, code)
        with pytest.raises(IncompleteError):
            pdf_of(replace(paper, facts={k: v for k, v in paper.facts.items() if k != source}))
    if "agency" in rule.fields:
        with pytest.raises(IncompleteError, match="行政机关名称"):
            pdf_of(issued(procedure, code, agency=""))
    if "number" in rule.fields:
        with pytest.raises(IncompleteError, match="编号"):
            pdf_of(issued(procedure, code, number="", verify=""))


@pytest.mark.parametrize(("procedure", "code"), [("streets.small_ads", "spot"), ("streets.shopfront", "decision")])
def test_a_paper_is_pdf_a_with_its_code_and_the_same_every_time(procedure, code):
    paper = issued(procedure, code)
    first, second = pdf_of(paper).pdf, pdf_of(paper).pdf
    assert first == second
    plain = first + b"".join(_streams(first))
    assert b"pdfaid:part>2<" in plain
    assert b"pdfaid:conformance>B<" in plain
    assert template_for(procedure, code).fill(paper)["qr"].startswith("<svg")


def _streams(pdf: bytes) -> list[bytes]:
    found = []
    for part in pdf.split(b"stream\n")[1:]:
        try:
            found.append(zlib.decompressobj().decompress(part))
        except zlib.error:
            continue
    return found


@pytest.mark.parametrize(("procedure", "code"), [("streets.small_ads", "spot"), ("streets.traffic", "simple")])
def test_on_the_spot_reconsideration_comes_first_since_2024(procedure, code):
    _, values, _ = filled(procedure, code)
    assert "应当先申请行政复议" in values["review_first"]
    assert "直接" not in values["remedy"]
    _, decided, _ = filled("streets.shopfront", "decision")
    assert "直接向人民法院提起行政诉讼" in decided["remedy"]


def test_terms_on_papers_are_those_of_the_law_of_the_day():
    _, values, _ = filled("streets.shopfront", "decision")
    for code, part in (("L-PAY", "performance"), ("L-REC.1", "remedy"), ("L-SUE.1", "remedy")):
        assert BOOK.term(code, AT).span.text.zh in values[part]
    assert "不计算加处罚款" in values["remedy"]
    for procedure, code in (("streets.shopfront", "decision_warning"), ("streets.measure", "voucher")):
        assert "加处罚款" not in filled(procedure, code)[1]["remedy"], "where nothing is to be paid, nothing is added"
    assert "3%" in values["late_fee"]
    assert "100%" in values["late_fee"]


def test_a_warning_notice_names_no_fine_and_a_money_sum_stands_in_both_figures():
    _, warning, _ = filled("streets.bay", "warning")
    assert not {"amount", "kind", "remedy"} & warning.keys()
    assert all("罚款" not in text for _, text in (*warning["rows"], *warning["below"]))
    _, spot, _ = filled("streets.small_ads", "spot")
    assert spot["amount"] == "人民币壹佰伍拾元整（¥150.00）"


def test_the_record_says_who_asked_under_which_power_and_that_police_saw_the_papers():
    _, values, _ = filled("streets.questioning", "record")
    asked, seen = values["rows"][-2:]
    assert asked[0] == "询问"
    for words in ("光岳市城市管理局直属一大队", "S001", "依据行政处罚法第55条", "问：谁贴的？"):
        assert words in asked[1], words
    assert ("老城派出所" in seen[1], "居民身份证法第15条" in seen[1]) == (True, True)


def test_papers_of_2022_are_drawn_by_the_law_of_2022():
    at = datetime(2022, 11, 5, 9, tzinfo=CITY)
    _, values, paper = filled("streets.small_ads", "spot", issued_at=at, opened_at=at)
    assert checked(template_for("streets.small_ads", "spot"), values, paper.issued_at)


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"), (1, "壹分"), (10, "壹角整"), (105, "壹元零伍分"), (150_00, "壹佰伍拾元整"), (200_01, "贰佰元零壹分"),
        (1_005_00, "壹仟零伍元整"), (10_000_00, "壹万元整"), (10_050_00, "壹万零伍拾元整"), (20_000_50, "贰万元伍角整"),
        (1_000_000_00, "壹佰万元整"), (1_000_001_00, "壹佰万零壹元整"), (100_000_000_00, "壹亿元整"), (100_000_010_00, "壹亿零壹拾元整"),
    ],
)  # fmt: skip
def test_capital_numerals(fen, words):
    assert capital(fen) == words


@given(st.integers(1, 10**12))
def test_capital_numerals_read_back(fen):
    assert _read(capital(fen)) == fen


def _read(said: str) -> int:
    """The sum again, by another way."""
    digits = {c: n for n, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
    total, section, digit = 0, 0, 0
    for c in said.removesuffix("整"):
        if c in digits:
            digit = digits[c]
        elif c in "拾佰仟":
            section += digit * {"拾": 10, "佰": 100, "仟": 1000}[c]
            digit = 0
        elif c == "亿":
            total, section, digit = (total + section + digit) * 100_000_000, 0, 0
        elif c == "万":
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        elif c == "元":
            total = (total + section + digit) * 100
            section, digit = 0, 0
        elif c == "角":
            total += digit * 10
            digit = 0
        elif c == "分":
            total += digit
            digit = 0
    return total


def test_every_paper_of_the_desk_is_looked_at():
    assert {code for _, code in LOOKED_AT} == {code for _, code in EACH_ONCE}


@fonts
@pytest.mark.parametrize(("procedure", "code"), LOOKED_AT)
def test_a_paper_looks_as_it_did(procedure, code):
    template, values, _ = filled(procedure, code)
    assert (template.file.name == "ticket.typ") is (code in IN_THE_STREET)
    seen = Image.open(io.BytesIO(picture(template.file, values, ppi=40))).convert("L")
    kept = GOLDEN / f"{procedure.partition('.')[2]}-{code}.png"
    if not kept.exists():
        pytest.fail(f"no picture to compare with: look at the paper and keep it as {kept.name}")
    golden = Image.open(kept).convert("L")
    assert seen.size == golden.size
    difference = ImageChops.difference(seen, golden)
    changed = sum(n for level, n in enumerate(difference.histogram()) if level > 64)
    assert changed / (seen.width * seen.height) < 0.002
