"""The offence catalogue: what a file may say, every fault with its line, and what comes of a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guangyue.law import BOOK
from guangyue.law.competence import BANDS, LADDERS, Offence, Step, competent, may_fine, versions
from guangyue.law.competence.catalogue import CATALOGUE, FOLDER, read
from guangyue.law.competence.places import Place
from guangyue.law.competence.reading import CatalogueError

GOOD = (Path(FOLDER) / "small_ads.toml").read_text("utf-8")
NOW = "2026-03-01"


def faults(text: str, name: str = "small_ads.toml") -> list[tuple[int, str]]:
    with pytest.raises(CatalogueError) as caught:
        read([(f"law/offences/{name}", text)])
    assert all(str(f).startswith(f"law/offences/{name}:{f.line}: {f.code}: ") for f in caught.value.faults)
    return [(f.line, f.code) for f in caught.value.faults]


def tried(text: str) -> list[int] | None:
    """The lines of the faults; nothing when there is none."""
    try:
        read([("x.toml", text)])
    except CatalogueError as error:
        return [f.line for f in error.faults]
    return None


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


def test_every_type_of_the_city_is_there_and_whole():
    assert {"parking", "bay", "stall", "shopfront", "small_ads", "traffic", "low_speed"} <= set(CATALOGUE)
    for kind in CATALOGUE.values():
        assert kind.look_back in BOOK
        assert kind.found.at_least >= 1
        for count in kind.counts:
            assert f"B-{count.code}" in BANDS
            assert all(isinstance(Offence(count.code), Offence) for _ in count.competence)
            for row in count.competence:
                assert row.by.article, f"{count.code}: which article makes {row.agency} competent?"


@pytest.mark.parametrize(
    ("part", "instead", "code"),
    [
        ('agency = "urban"', 'agency = "parks"', "unknown"),
        ('subject = "party"', 'subject = "dog"', "unknown"),
        ("least = 100_00", "least = 2_000_00", "band"),
        ("most = 1_000_00", "most = 1000.50", "not_number"),
        ("least = 100_00", "least = -1", "negative"),
        ('before_fine = ["order"]', 'before_fine = ["admonish"]', "ladder"),
        ('steps = ["explain", "oral_warning", "order"]', 'steps = ["explain", "fine", "order"]', "ladder"),
        ('steps = ["explain", "oral_warning", "order"]', 'steps = ["shout", "order"]', "unknown"),
        ('law = "CITY_APPEARANCE"', 'law = "NO_SUCH_LAW"', "unknown"),
        ('places = ["street_furniture"', 'places = ["moon"', "unknown"),
        ("version = 1", "version = 0", "version"),
        ('code = "small_ads"', 'code = "Small Ads"', "name"),
        ('title = { zh = "乱贴乱画", en = "Stickers', 'title = { zh = "", en = "Stickers', "language"),
        ("panoramas = 1", "panoramas = 9", "photos"),
        ("at_least = 1\n", 'at_least = 1\napart = "soon"\n', "not_span"),
        ("version = 1\n", 'look_back = "S-NEVER"\nversion = 1\n', "unknown"),
        ("subject = ", 'colour = "red"\nsubject = ', "stray"),
    ],
)
def test_a_fault_names_its_line(part, instead, code):
    text = GOOD.replace(part, instead, 1)
    assert text != GOOD
    found = faults(text)
    where = line_of(text, instead.splitlines()[-1] if code == "not_span" else instead.splitlines()[0])
    assert code in {c for _, c in found}
    assert min(abs(line - where) for line, c in found if c == code) <= 1, (where, found)


@pytest.mark.parametrize("lost", ["title = {", "law = {", "first = {", "education = {", "version = ", "subject = "])
def test_what_is_left_out_is_missed(lost):
    text = "\n".join(line for line in GOOD.splitlines() if not line.startswith(lost))
    assert "missing" in {code for _, code in faults(text)}


def test_no_toml_at_all_says_where():
    (fault,) = faults("version = \n")
    assert fault == (1, "toml")


def test_all_faults_are_told_at_once():
    text = (
        GOOD.replace('agency = "urban"', 'agency = "parks"')
        .replace("least = 100_00", "least = -1")
        .replace("version = 1", "version = 0")
    )
    assert {"unknown", "negative", "version"} <= {code for _, code in faults(text)}


def test_an_offence_stands_in_one_file_only():
    with pytest.raises(CatalogueError, match=r"stands in a\.toml already"):
        read([("a.toml", GOOD), ("b.toml", GOOD)])


def test_two_agencies_for_one_place_are_a_fault():
    more = GOOD.replace(
        "[[count.band]]",
        '[[count.competent]]\nagency = "police"\nplaces = ["road"]\nlaw = "SECURITY"\n\n[[count.band]]',
        1,
    )
    assert "twice" in {code for _, code in faults(more)}


def test_a_file_may_bring_its_own_law_and_it_stays_unverified():
    text = GOOD.replace(
        "[found]", '[laws.DOGS]\ntitle = { zh = "养犬管理条例", en = "Dog Rules" }\nsince = "2026-01-01"\n\n[found]', 1
    )
    text = re.sub(r'law = "CITY_APPEARANCE"', 'law = "DOGS"', text)
    (kind,) = read([("dogs.toml", text)]).values()
    source = kind.counts[0].bands[0].by.source
    assert (source.law.en, source.is_settled) == ("Dog Rules", False)


@given(st.text(max_size=300))
def test_any_text_gives_faults_or_a_catalogue_and_never_falls_over(text):
    found = tried(text)
    assert found is None or (found and all(line >= 1 for line in found))


@given(st.data())
def test_a_good_file_with_one_line_lost_or_doubled_never_falls_over(data):
    lines = GOOD.splitlines()
    n = data.draw(st.integers(0, len(lines) - 1))
    lines[n : n + 1] = data.draw(st.sampled_from(([], [lines[n]] * 2, [lines[n][::-1]])))
    found = tried("\n".join(lines))
    assert found is None or all(1 <= line <= len(lines) + 1 for line in found)


@given(
    st.sampled_from(sorted(c.code for k in CATALOGUE.values() for c in k.counts)),
    st.integers(0, 30_000_00),
    st.sets(st.sampled_from(list(Step))),
)
def test_no_fine_outside_its_band_or_before_its_steps(code, fen, taken):
    from datetime import date

    band = BANDS.get(f"B-{code}", date(2026, 3, 1))
    verdict = may_fine(band, fen, taken, date(2026, 3, 1))
    ladder = LADDERS.get(f"D-{code}", date(2026, 3, 1)) if f"D-{code}" in LADDERS else None
    due = ladder.before_fine if ladder else frozenset()
    lawful = (
        band.least is not None and band.most is not None and max(band.least, 1) <= fen <= band.most and due <= taken
    )
    assert bool(verdict) is lawful


@given(st.sampled_from(list(Place)), st.sampled_from(sorted(c.code for k in CATALOGUE.values() for c in k.counts)))
def test_at_every_place_there_is_one_agency_or_a_gap_that_says_so(place, code):
    from datetime import date

    found = competent(Offence(code), place, date(2026, 3, 1))
    rows = [
        row
        for k in CATALOGUE.values()
        for c in k.counts
        if c.code == code
        for row in c.competence
        if place in row.places
    ]
    if rows:
        assert found
        assert found.agency is rows[0].agency
    else:
        assert found.codes == ("competence.place",)
        assert "管理空白" in found.reasons[0].text.zh


FILES = versions.shipped(Path(FOLDER))
REGISTER = versions.recorded((Path(FOLDER) / "versions.txt").read_text("utf-8"))


def test_every_file_says_what_is_recorded_of_its_version():
    assert versions.faults(FILES, REGISTER) == [], "a changed offence file takes the next version number"
    for code, text in FILES:
        version, said = versions.digest(text)
        assert REGISTER.get((code, version)) == said, f"{code}: run `guangyue procedure record`"


@given(st.sampled_from(FILES), st.data())
def test_any_change_of_what_a_file_says_needs_a_new_version(file, data):
    code, text = file
    figures = [m for m in re.finditer(r"(?<== )[0-9][0-9_]*", text) if not text[: m.start()].endswith("version = ")]
    found = data.draw(st.sampled_from(figures))
    changed = f"{text[: found.start()]}{int(found[0].replace('_', '')) + 1}{text[found.end() :]}"
    (fault,) = versions.faults([(code, changed)], REGISTER)
    assert (fault.code, line_of(changed, "version = ")) == ("changed", fault.line)
    version, _ = versions.digest(text)
    newer = changed.replace(f"version = {version}", f"version = {version + 1}", 1)
    assert versions.faults([(code, newer)], REGISTER) == []
    known = versions.written([(code, newer)], REGISTER)
    assert [f.code for f in versions.faults([(code, text)], known)] == ["version"], "and nobody goes back"


def test_comments_and_spacing_are_no_change():
    spaced = "# another remark\n" + GOOD.replace("\n[found]", "\n\n[found]")
    assert versions.faults([("small_ads", spaced)], REGISTER) == []
