"""A procedure prints itself: nothing that binds anybody is missing from its pages, and the pages have not drifted."""

from __future__ import annotations

import importlib
import re
import runpy
from pathlib import Path

import pytest
from click.testing import CliRunner

from guangyue.cli.procedure import group, pages
from guangyue.desks import registry
from guangyue.kernel import DeclarationError, Procedure
from guangyue.kernel.grammar import (
    CLOCK,
    KERNEL_ITSELF,
    Action,
    Condition,
    Extend,
    FromField,
    Notice,
    Outcome,
    Paper,
    PhotoSet,
    Recording,
    Requirement,
    Role,
    State,
    Succeeds,
    T,
    Term,
    Verb,
    WithinBand,
)
from guangyue.kernel.grammar.values import Kind
from guangyue.kernel.printing import page as printed
from guangyue.kernel.printing.acts import verb
from guangyue.kernel.printing.words import KINDS, condition, requirement
from guangyue.kernel.tables import elements
from guangyue.law import BOOK

ROOT = Path(__file__).parents[2]
SKELETONS = registry.find(
    importlib.import_module(f"tests.kernel.skeletons.{file.stem}")
    for file in sorted((ROOT / "tests/kernel/skeletons").glob("*.py"))
)
DESKS = registry.procedures()
ALL = [pytest.param(p, id=f"skeleton:{p.code}") for p in SKELETONS.values()] + [
    pytest.param(p, id=p.code) for p in DESKS.values()
]
each = pytest.mark.parametrize("p", ALL)
in_both = pytest.mark.parametrize("lang", ["zh", "en"])
HEADINGS = {
    "matrix": ("谁可以办什么", "Who may do what"),
    "deadlines": ("期限", "Deadlines"),
    "papers": ("文书", "Papers"),
    "acts": ("每一步办理", "Every act"),
    "fields": ("内容与可见范围", "Fields and who sees them"),
    "transitions": ("全部走向", "All transitions"),
    "notices": ("通知", "Notices"),
    "diagram": ("状态图", "Diagram"),
}


PAGES: dict[tuple[str, str], str] = {}


def page(p: Procedure, lang: str) -> str:
    """The page, printed once for all tests."""
    return PAGES.get((p.digest, lang)) or PAGES.setdefault((p.digest, lang), printed(p, lang))


def section(text: str, name: str, lang: str) -> str:
    """The part of a page under one of its headings; empty when it has none."""
    title = HEADINGS[name][lang == "en"]
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def row(table: str, code: str) -> list[str]:
    """The cells of the row whose first cell ends in a stable name."""
    rows = [line for line in table.splitlines() if line.startswith("|")]
    cells = [[c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]] for line in rows]
    found = [c for c in cells if f"`{code}`" in c[0]]
    assert len(found) == 1, f"{code}: {len(found)} rows"
    return found[0]


def act(text: str, code: str, lang: str) -> str:
    """What the page says about one act."""
    parts = re.split(r"^### ", section(text, "acts", lang), flags=re.MULTILINE)
    found = [part for part in parts if part.splitlines()[0].endswith(f"`{code}`")]
    assert len(found) == 1, f"{code}: {len(found)} headings"
    return found[0]


@each
@in_both
def test_every_deadline_shows_its_term_length_article_and_whether_it_is_unverified(p, lang):
    table = section(page(p, lang), "deadlines", lang)
    clocks = [(d.key, d.term) for d in p.deadlines] + [(f"task:{t.code}", t.term) for t in p.tasks if t.term]
    for key, term in clocks:
        cells = row(table, key)
        if isinstance(term, Term):
            for rule in BOOK.versions(term.code):
                assert rule.span.text.of(lang) in cells[1]
                assert rule.source.text.of(lang) in cells[2]
                assert f"`{rule.code}`" in cells[2]
            unverified = not all(rule.verified for rule in BOOK.versions(term.code))
            assert (("**未经核实**" if lang == "zh" else "**unverified**") in cells[2]) is unverified
        elif isinstance(term, FromField):
            assert p.field(term.name).title.of(lang) in cells[1]


@each
@in_both
def test_every_deadline_says_while_when_it_runs_and_what_happens_at_its_end(p, lang):
    table = section(page(p, lang), "deadlines", lang)
    for d in p.deadlines:
        cells = row(table, d.key)
        for state in d.during:
            assert f"“{p.state(state).title.of(lang)}”" in cells[3]
        for code in (*d.starts_on, *d.stops_on):
            assert f"“{p.action(code).title.of(lang)}”" in cells[3]
        for who in d.tells:
            assert who.title.of(lang) in cells[4]
        if d.lapses_to:
            assert f"“{p.state(d.lapses_to).title.of(lang)}”" in cells[4]
        assert cells[4] not in {"", "—"}, "every clock has a consequence, be it that it is only shown"


@each
@in_both
def test_the_matrix_ticks_exactly_who_may_do_each_act(p, lang):
    table = section(page(p, lang), "matrix", lang)
    head = [c.strip() for c in table.strip().splitlines()[0].split("|")[2:-1]]
    for a in p.actions:
        cells = row(table, a.code)
        ticked = [title for title, cell in zip(head, cells[1:], strict=True) if cell == "✓"]
        assert sorted(ticked) == sorted(w.title.of(lang) for w in set(a.by)), a.code


@each
@in_both
def test_every_act_shows_what_it_asks_requires_and_rests_on(p, lang):
    text = page(p, lang)
    for a in p.actions:
        said = act(text, a.code, lang)
        assert a.title.of(lang) in said
        for question in p.tables.forms[a.code].values():
            assert question.field.title.of(lang) in said
        for e in elements(a):
            if isinstance(e, PhotoSet | Recording | Paper):
                assert e.title.of(lang) in said
            if isinstance(e, Requirement):
                assert requirement(p, e).of(lang) in said
            if isinstance(e, Notice):
                assert f"`{e.code}`" in said
        for other in a.unless_same_person_as:
            assert f"“{p.action(other).title.of(lang)}”" in said
        if a.law:
            assert a.law.of(lang) in said


@each
@in_both
def test_every_paper_shows_each_mandatory_field_and_whether_it_is_statutory(p, lang):
    table = section(page(p, lang), "papers", lang)
    for a in p.actions:
        for paper in a.documents:
            cells = row(table, paper.code)
            assert paper.title.of(lang) in cells[0]
            assert (cells[1] in {"法定文书", "statutory"}) is paper.statutory
            for name in paper.needs:
                assert f"`{name}`" in cells[2]
            assert a.title.of(lang) in cells[5]
            if paper.signed_by:
                assert paper.signed_by.title.of(lang) in cells[3]


@each
@in_both
def test_every_field_shows_who_sees_it(p, lang):
    table = section(page(p, lang), "fields", lang)
    for f in p.fields:
        own = [line for line in table.splitlines() if line.startswith(f"| {f.title.of(lang)} `{f.name}` |")]
        assert len(own) == 1
        for who in f.visible:
            assert who.title.of(lang) in own[0]
        for code, title in f.choices:
            assert f"{title.of(lang)} `{code}`" in own[0]


@each
@in_both
def test_every_transition_stands_in_the_table_and_every_move_in_the_diagram(p, lang):
    text = page(p, lang)
    table, drawn = section(text, "transitions", lang), section(text, "diagram", lang)
    rows = [[c.strip() for c in line.split("|")[1:-1]] for line in table.splitlines() if line.startswith("|")]
    for a in p.actions:
        for before, after in a.moves.items():
            assert f"s_{before} --> s_{after}: " in drawn
            if a.by != (CLOCK,):
                froms = [r[0] for r in rows if r[1].endswith(f"`{a.code}`")]
                assert p.state(before).title.of(lang) in froms
        if a.opens:
            assert f"[*] --> s_{a.opens}: " in drawn
    for d in p.deadlines:
        if d.lapses_to:
            assert all(f"s_{s} --> s_{d.lapses_to}: " in drawn for s in d.during)
    for s in p.states:
        assert (f"s_{s.code} --> [*]" in drawn) is isinstance(s, Outcome)


@each
def test_no_chinese_on_an_english_page_and_no_line_breaks_a_table(p):
    text = page(p, "en").replace("[中文]", "")
    assert not re.search(r"[\u4e00-\u9fff]", text)
    for lang in ("zh", "en"):
        for table in re.findall(r"(?:^\|.*\n)+", page(p, lang), re.MULTILINE):
            widths = {len(re.split(r"(?<!\\)\|", line)) for line in table.splitlines()}
            assert len(widths) == 1, table


@each
def test_printing_twice_gives_the_same_page(p):
    assert printed(p, "zh") == page(p, "zh")


def heirs(base: type) -> set[type]:
    """All classes of the grammar below one."""
    found = set(base.__subclasses__())
    return {c for c in found.union(*map(heirs, found)) if c.__module__.startswith("guangyue.kernel")}


class TestNothingIsWithoutWords:
    """A new kind of anything must be given words: what is not known raises, and these lists find it first."""

    SOURCE = "".join(f.read_text("utf-8") for f in (ROOT / "src/guangyue/kernel/printing").glob("*.py"))

    @pytest.mark.parametrize("base", [Condition, Requirement, Verb])
    def test_every_class_of_the_grammar_is_named(self, base):
        names = {c.__name__ for c in heirs(base)} - {"Sometimes"}  # a base of others
        missing = {name for name in names if not re.search(rf"\b{name}\b", self.SOURCE)}
        assert missing == set()

    def test_every_kind_of_value(self):
        assert set(KINDS) == set(Kind)

    def test_a_strange_one_raises(self):
        p = DESKS["streets.parking"]
        with pytest.raises(TypeError, match="no words for Requirement"):
            requirement(p, Requirement())
        with pytest.raises(TypeError, match="no words for Condition"):
            condition(p, Condition())
        with pytest.raises(TypeError, match="no words for Verb"):
            verb(p, Verb())

    def test_what_no_skeleton_uses_has_words_too(self):
        p = SKELETONS["court.eviction"]
        band = requirement(p, WithinBand("obligation", "premises", steps={"attempt": "admonish"}))
        assert "“What the judgment orders” keeps to the band of “Premises”" in band.en
        assert "Attempt to reach" in band.en
        assert verb(p, Extend("close", at_most=2)).en == "extends the term “Enforcement”, at most 2×"


CLERK = Role("clerk")


def small(code: str = "test.small", version: int = 1, **more) -> Procedure:
    """The smallest procedure that is right."""
    return Procedure(
        code=code, version=version, title=T("小事项", "A | small matter"), subject="thing",
        states=(State("open", T("在办", 'Open; "so"')), Outcome("done", T("办结", "Done"))),
        actions=(
            Action("begin", T("开始", "Begin: now"), (CLERK, KERNEL_ITSELF), opens="open"),
            Action("finish", T("完成", "Finish"), (CLERK,), moves={"open": "done"}),
        ),
        **more,
    )  # fmt: skip


def test_signs_that_mean_something_to_markdown_or_mermaid_are_defused():
    text = page(small(), "en")
    assert "state \"Open, 'so'\" as s_open" in text
    assert "[*] --> s_open: Begin： now" in text


def test_an_older_version_is_named():
    text = page(small(version=2, succeeds=(Succeeds(1, (CLERK,), {"waiting": "open"}),)), "en")
    assert "| version 1: Change of version | window clerk | `waiting` → `open` |" in text


class TestRegistry:
    def test_the_desks_have_at_least_parking(self):
        assert "streets.parking" in DESKS

    def test_two_of_one_code_and_version_are_refused_with_both_lines(self, tmp_path):
        one, two = (type(importlib)(name) for name in ("one", "two"))
        one.P, two.P = small(), small()
        with pytest.raises(DeclarationError) as caught:
            registry.find((one, two))
        assert [f.code for f in caught.value.faults] == ["procedure.twice"]
        assert "test_printing.py" in caught.value.faults[0].at

    def test_the_same_one_imported_twice_and_a_new_version_are_no_faults(self):
        one, two = (type(importlib)(name) for name in ("one", "two"))
        one.P = two.P = small()
        two.Q = small(version=2)
        assert registry.find((one, two)) == {"test.small": two.Q}

    def test_skeletons_name_only_each_other(self):
        assert list(registry.between(SKELETONS)) == []

    def test_a_slot_whose_procedure_or_act_is_missing_is_found(self):
        batch = {"counter.batch": SKELETONS["counter.batch"]}
        assert [f.code for f in registry.between(batch)] == ["unknown.procedure"]
        wrong = batch | {"counter.permit": small("counter.permit")}
        assert [f.code for f in registry.between(wrong)] == ["unknown.act"]


class TestCommand:
    def run(self, *args: str):
        return CliRunner().invoke(group, args)

    def test_list_and_show(self):
        assert "streets.parking" in self.run("list", "--lang", "en").output
        shown = self.run("show", "streets.parking", "--lang", "en")
        assert shown.output == page(DESKS["streets.parking"], "en")

    def test_show_of_what_is_not_there_names_what_is(self):
        refused = self.run("show", "streets.none", "--lang", "en")
        assert refused.exit_code == 1
        assert "streets.parking" in refused.output

    def test_check_names_what_is_unverified_and_finds_no_fault(self):
        checked = self.run("check", "--lang", "en")
        assert checked.exit_code == 0, checked.output
        assert re.search(r"streets\.parking: \d+ deadlines rest on unverified terms: S-GRACE", checked.output)

    def test_check_fails_on_a_faulty_declaration(self, monkeypatch, tmp_path):
        (tmp_path / "faulty_desk.py").write_text(
            "from guangyue.kernel import Procedure\n"
            "from guangyue.kernel.grammar import *\n"
            "P = Procedure(code='a.b', version=1, title=T('甲', ''), subject='x',\n"
            "    states=(State('open', T('在办', 'Open')),), actions=())\n"
        )
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setattr(registry, "modules", lambda: iter(["faulty_desk"]))
        checked = self.run("check", "--lang", "en")
        assert checked.exit_code == 1
        assert "text.missing" in checked.output
        assert "faulty_desk.py:3" in checked.output

    def test_docs_writes_every_page_removes_stale_ones_and_leaves_written_ones(self, tmp_path):
        folder = tmp_path / "procedures"
        folder.mkdir()
        (folder / "test.gone.zh.md").write_text(page(small("test.gone"), "zh"), encoding="utf-8")
        (folder / "notes.md").write_text("by hand", encoding="utf-8")
        made = self.run("docs", "--into", str(tmp_path), "--examples", str(ROOT / "tests/kernel/skeletons"))
        assert made.exit_code == 0, made.output
        names = {f.relative_to(folder).as_posix() for f in folder.rglob("*.md")}
        assert names == set(pages(DESKS, SKELETONS)) | {"notes.md"}


def test_the_committed_pages_have_not_drifted():
    folder = ROOT / "docs" / "procedures"
    wanted = pages(DESKS, SKELETONS)
    kept = {f.relative_to(folder).as_posix(): f.read_text("utf-8") for f in folder.rglob("*.md")}
    drifted = sorted(name for name in {*wanted, *kept} if wanted.get(name) != kept.get(name))
    assert not drifted, f"run `guangyue procedure docs --into docs` (or `make docs`) and commit: {', '.join(drifted)}"


class TestTheory:
    """docs/kernel.md shows real declarations and real output."""

    TEXT = (ROOT / "docs/kernel.md").read_text("utf-8")
    BLOCKS = tuple(re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL))

    def test_what_is_read_aloud_stands_in_the_declaration(self):
        declared = (ROOT / "src/guangyue/desks/streets/procedures/parking.py").read_text("utf-8")
        read = [block for block in self.BLOCKS if "streets.bicycle" not in block]
        assert len(read) > 8
        assert [block for block in read if block not in declared] == []

    def test_the_faulty_declaration_has_the_faults_that_are_shown(self, tmp_path):
        file = tmp_path / "bicycle.py"
        file.write_text(next(block for block in self.BLOCKS if "streets.bicycle" in block), encoding="utf-8")
        with pytest.raises(DeclarationError) as caught:
            runpy.run_path(str(file))
        found = [str(fault).replace(f"{tmp_path}/", "") for fault in caught.value.faults]
        shown = re.findall(r"^src/guangyue/desks/streets/procedures/(.*)$", self.TEXT, re.MULTILINE)
        assert found == shown
