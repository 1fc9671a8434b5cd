"""Papers: complete by law or not drawn, the same every time, nothing in a value becomes a command, every character there."""

from __future__ import annotations

import io
import zlib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from guangyue.desks.streets.papers import NOTICE, SLIP
from guangyue.law import CITY, Text
from guangyue.records.papers import IncompleteError, Issued, NoTemplateError, draw, pdf_of, picture, template_for
from guangyue.records.papers.draw import FONTS

GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2026, 11, 22, 9, 41, tzinfo=CITY)
SHIPPED = any(FONTS.glob("*.ttf"))
fonts = pytest.mark.skipif(not SHIPPED, reason="the papers' fonts are not built: scripts/fonts.sh")


def paper(code: str = "slip", **changes) -> Issued:
    titles = {
        "slip": Text("违法停车提示单", "Parking reminder slip"),
        "notice": Text("违法停车告知单", "Statutory notice"),
    }
    number = f"{code}-UM-D1-20261122-0007"
    made = Issued(
        code=code, title=titles[code], number=number, facts={"plate": "鲁T12345", "street": "柳荫路12号"},
        fields={"place_type": "road", "vehicle": "小型轿车", "colour": "白色"}, issued_at=AT, opened_at=AT - timedelta(minutes=12),
        procedure="streets.parking", law=Text("", ""), unit="直属一大队", agency="光岳市城市管理局", officer="S001",
        verify=f"https://city.example/verify/{number}.7KQ2M9XB",
    )  # fmt: skip
    return replace(made, **changes)


@pytest.mark.parametrize("code", ["slip", "notice"])
def test_a_paper_is_a_pdf_a_and_the_same_every_time(code):
    first, second = pdf_of(paper(code)), pdf_of(paper(code))
    assert first.pdf == second.pdf
    assert first.name == f"{code}-UM-D1-20261122-0007.pdf"
    assert first.pdf.startswith(b"%PDF-1.7")
    plain = first.pdf + b"".join(streams(first.pdf))
    assert b"pdfaid:part>2<" in plain
    assert b"pdfaid:conformance>B<" in plain


def streams(pdf: bytes) -> list[bytes]:
    found = []
    for part in pdf.split(b"stream\n")[1:]:
        try:
            found.append(zlib.decompressobj().decompress(part))
        except zlib.error:
            continue
    return found


@pytest.mark.parametrize(
    ("code", "changes", "missing"),
    [
        ("slip", {"number": ""}, "编号"),
        ("slip", {"facts": {"street": "柳荫路"}}, "车辆牌号"),
        ("slip", {"facts": {"plate": "鲁T12345"}}, "地点"),
        ("slip", {"agency": ""}, "行政机关名称"),
        ("notice", {"facts": {}}, "车辆牌号"),
        ("notice", {"agency": ""}, "行政机关名称"),
    ],
)
def test_a_paper_without_what_the_law_asks_for_is_not_drawn(code, changes, missing):
    with pytest.raises(IncompleteError, match=missing):
        pdf_of(paper(code, **changes))


def test_the_slip_names_no_fine_and_the_notice_says_where_and_when_to_come():
    slip, notice = SLIP.fill(paper()), NOTICE.fill(paper("notice"))
    assert not {"amount", "kind"} & slip.keys()
    assert {"facts", "come_where", "come_when"} <= notice.keys()
    assert not {"come_where", "come_when"} & slip.keys()
    assert "罚款" not in SLIP.file.read_text("utf-8")


def test_a_slip_with_a_fine_on_it_is_refused_by_the_law():
    from guangyue.records.papers.templates import checked

    with pytest.raises(IncompleteError, match="罚款数额"):
        checked(SLIP, {**SLIP.fill(paper()), "amount": 10000}, AT)


def test_what_has_no_printed_form_says_so():
    with pytest.raises(NoTemplateError):
        template_for("streets.parking", "nothing")


def test_a_value_stays_a_value_whatever_stands_in_it():
    evil = '#panic("x") $x$ *b* ` \\ "] #read("/etc/passwd") <script>'
    values = dict(SLIP.fill(paper(facts={"plate": "鲁T12345", "street": evil})))
    assert draw(SLIP.file, values)
    shorter = dict(SLIP.fill(paper(facts={"plate": "鲁T12345", "street": "柳荫路"})))
    assert picture(SLIP.file, values) != picture(SLIP.file, shorter), "it is printed as it is"


@fonts
@pytest.mark.parametrize("text", ["䶮堃喆珺翀龘", "鲁T·12345", "〔2026〕《条例》“提示”—…", "ABCxyz0189()"])
def test_every_character_has_a_shape(text):
    from fontTools.ttLib import TTFont

    for file in FONTS.glob("*.ttf"):
        with TTFont(file) as font:
            known = font.getBestCmap()
        assert [c for c in text if ord(c) not in known] == [], file.name


@fonts
@pytest.mark.parametrize(("code", "template"), [("slip", SLIP), ("notice", NOTICE)])
def test_a_paper_looks_as_it_did(code, template):
    seen = Image.open(io.BytesIO(picture(template.file, template.fill(paper(code)), ppi=60))).convert("L")
    kept = GOLDEN / f"{code}.png"
    if not kept.exists():
        pytest.fail(f"no picture to compare with: look at the paper and keep it as {kept.name}")
    golden = Image.open(kept).convert("L")
    assert seen.size == golden.size
    difference = ImageChops.difference(seen, golden)
    changed = sum(n for level, n in enumerate(difference.histogram()) if level > 64)
    assert changed / (seen.width * seen.height) < 0.002
