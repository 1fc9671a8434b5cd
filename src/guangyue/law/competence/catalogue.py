"""The catalogue of street offences (违法行为目录): one readable file each in ``law/offences``, the only place of its figures.

A file says what the offence is, on which statute and local article it rests, which agency is competent at which places,
what it may cost, which steps come before a fine, what a first offence may expect, what weighs heavier, and what the
photographs must show. From it come the rows of :data:`~guangyue.law.competence.offences.COMPETENCE`,
:data:`~guangyue.law.competence.bands.BANDS` and :data:`~guangyue.law.competence.bands.LADDERS` that the kernel enforces,
and the street desk's procedure. **A new offence is a new file.** Money is in whole fen.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from guangyue.law import laws
from guangyue.law.competence.actors import Agency
from guangyue.law.competence.places import Place
from guangyue.law.competence.reading import CatalogueError, LineFault, Node, open_text
from guangyue.law.competence.steps import Step
from guangyue.law.errors import LawError
from guangyue.law.laws import Law
from guangyue.law.span import Span
from guangyue.law.terms import BOOK
from guangyue.law.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from guangyue.law.source import Mark, Source

__all__ = [
    "CATALOGUE", "Aggravation", "Article", "BandRow", "Competent", "Count", "Kind", "LadderRow", "Photos", "read",
]  # fmt: skip

NAME = re.compile(r"[a-z][a-z0-9_]*")
CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
SUBJECTS = ("vehicle", "party")


@dataclass(frozen=True, slots=True)
class Article:
    """A provision: which law and which of its articles; ``mark`` where the article is known less well than its law."""

    law: Law
    article: str
    mark: Mark | None = None

    @property
    def source(self) -> Source:
        """As rules cite it."""
        return self.law.source(self.article, self.mark)


@dataclass(frozen=True, slots=True)
class Competent:
    """At these places this agency is competent."""

    agency: Agency
    places: frozenset[Place]
    by: Article


@dataclass(frozen=True, slots=True)
class BandRow:
    """What it may cost by one provision, in fen; ``None`` where there is no fine. ``part`` names a second band."""

    part: str
    least: int | None
    most: int | None
    warning: bool
    by: Article


@dataclass(frozen=True, slots=True)
class LadderRow:
    """The steps in order, and those that the law demands before a fine."""

    steps: tuple[Step, ...]
    before_fine: frozenset[Step]
    by: Article


@dataclass(frozen=True, slots=True)
class Count:
    """One offence as the law counts it (案由)."""

    code: str
    title: Text
    competence: tuple[Competent, ...]
    bands: tuple[BandRow, ...]
    ladder: LadderRow | None

    @property
    def agencies(self) -> tuple[Agency, ...]:
        """Who is competent somewhere, each once."""
        return tuple(dict.fromkeys(c.agency for c in self.competence))

    @property
    def places(self) -> frozenset[Place]:
        """Where somebody is competent."""
        return frozenset(p for c in self.competence for p in c.places)

    @property
    def most(self) -> int | None:
        """The highest fine there is (顶格), where the law leaves a choice."""
        tops = [b.most for b in self.bands if not b.part and b.most is not None and b.most != b.least]
        return max(tops, default=None)


@dataclass(frozen=True, slots=True)
class Photos:
    """What a set of photographs must show (取证规范)."""

    at_least: int
    panoramas: int = 0
    legible_plate: bool = False
    apart: Span | None = None


@dataclass(frozen=True, slots=True)
class Aggravation:
    """A circumstance that weighs heavier (从重情节)."""

    code: str
    title: Text


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of offence with its counts: one file.

    Attributes:
        code: the file's name; the desk's procedure is ``streets.<code>``.
        version: grows with every change of the file.
        subject: ``vehicle`` when it is found by its plate, ``party`` when by whom it is about.
        law: the articles in words, for the head of the page.
        counts: the offences in it; the first is the usual one.
        first, again: what is suggested where there is no earlier record, and where there is one (初次、再次).
        education: what is explained to the party, as a starting point for the officer's own words.
        look_back: the term that says how far back records count.
        aggravations: circumstances that weigh heavier.
        found, rechecked: the photographs at the first and at the second look.
        by_hand: its procedure is declared by hand and not made from this file.
    """

    code: str
    version: int
    title: Text
    subject: str
    law: Text
    counts: tuple[Count, ...]
    first: Text
    again: Text
    education: Text
    look_back: str
    aggravations: tuple[Aggravation, ...]
    found: Photos
    rechecked: Photos
    by_hand: bool = False

    @property
    def agencies(self) -> tuple[Agency, ...]:
        """Who is competent for one of its counts somewhere, each once."""
        return tuple(dict.fromkeys(a for c in self.counts for a in c.agencies))

    @property
    def places(self) -> frozenset[Place]:
        """Where any of its counts can happen."""
        return frozenset(p for c in self.counts for p in c.places)


_LAWS: Mapping[str, Law] = {name: law for name, law in vars(laws).items() if isinstance(law, Law)}


def read(texts: Iterable[tuple[str, str]]) -> Mapping[str, Kind]:
    """The kinds by code, from pairs of file name and text.

    Raises:
        CatalogueError: with every fault of every file and its line.
    """
    faults: list[LineFault] = []
    kinds: dict[str, Kind] = {}
    counts: dict[str, str] = {}
    for file, text in texts:
        node = open_text(text, file, faults)
        if node is None:
            continue
        kind = _kind(node, file)
        for n, count in enumerate(kind.counts):
            if count.code in counts:
                line = node.line() if not n else node.line("count")
                what = f"“{count.code}” stands in {counts[count.code]} already"
                faults.append(LineFault(file, line, "twice", what))
            counts[count.code] = file
        kinds[kind.code] = kind
    if faults:
        raise CatalogueError(tuple(faults))
    return MappingProxyType(dict(sorted(kinds.items())))


def _kind(node: Node, file: str) -> Kind:
    code = file.rpartition("/")[2].removesuffix(".toml")
    if not NAME.fullmatch(code):
        node.fault("name", f"“{code}” cannot be the name of a kind: small letters, digits and _")
    subject = node.word("subject")
    if subject and subject not in SUBJECTS:
        node.fault("unknown", f"“{subject}” is no subject; known: {', '.join(SUBJECTS)}", "subject")
    own = _own_laws(node)
    found, rechecked = node.table("found"), node.table("rechecked")
    for key, table in (("found", found), ("rechecked", rechecked)):
        if table is None:
            node.fault("missing", f"[{key}] is missing: what its photographs must show")
    version = node.number("version")
    if version < 1:
        node.fault("version", "versions count from 1", "version")
    kind = Kind(
        code=code, version=version, title=node.text("title"), subject=subject, law=node.text("law"),
        counts=tuple(_count(n, own) for n in node.tables("count")),
        first=node.text("first"), again=node.text("again"), education=node.text("education"),
        look_back=node.word("look_back", "S-FIRST"), aggravations=_aggravations(node),
        found=_photos(found), rechecked=_photos(rechecked), by_hand=node.flag("by_hand", default=False),
    )  # fmt: skip
    if kind.look_back not in BOOK:
        node.fault("unknown", f"the law book has no term “{kind.look_back}”", "look_back")
    if not kind.counts:
        node.fault("missing", "no [[count]]: say which offence it is")
    node.done()
    return kind


def _own_laws(node: Node) -> Mapping[str, Law]:
    """Laws that only this file needs, beside those of :mod:`guangyue.law.laws`."""
    table = node.table("laws")
    made = dict(_LAWS)
    for name in table.keys() if table is not None else ():
        inner = table.table(name) if table is not None else None
        if inner is None:
            continue
        since = inner.word("since")
        try:
            begins = date.fromisoformat(since)
        except ValueError:
            inner.fault("not_date", f"“{since}” is no day", "since")
            begins = date.min
        title, local = inner.text("title"), inner.flag("local", default=True)
        made[name] = Law(title=title, since=begins, local=local, mark=_mark(inner) or "G")
        inner.done()
    return made


_MARKS: Mapping[str, Mark] = {"V": "V", "S": "S", "G": "G"}


def _mark(node: Node) -> Mark | None:
    said = node.word("mark", "")
    if said and said not in _MARKS:
        node.fault("unknown", f"“{said}” is no mark: V read in full, S from a third party, G unread", "mark")
    return _MARKS.get(said)


def _article(node: Node, known: Mapping[str, Law]) -> Article:
    name, mark = node.word("law"), _mark(node)
    law = known.get(name)
    if law is None:
        node.fault("unknown", f"no law is called “{name}” in laws.py or in [laws] of this file", "law")
        law = laws.PROMISES
    return Article(law, node.word("article", ""), mark)


def _count(node: Node, known: Mapping[str, Law]) -> Count:
    code = node.word("code")
    if not CODE.fullmatch(code):
        node.fault("name", f"“{code}” cannot be the code of an offence", "code")
    title = node.text("title")
    competence = tuple(_competent(n, known) for n in node.tables("competent"))
    if not competence:
        node.fault("missing", "no [[count.competent]]: say who handles it where")
    seen: set[Place] = set()
    for row in competence:
        if twice := seen & row.places:
            node.fault("twice", f"two agencies are named for {', '.join(sorted(twice))}")
        seen |= row.places
    bands = tuple(_band(n, known) for n in node.tables("band"))
    if bands and bands[0].part:
        node.fault("band", "the first [[count.band]] is the offence's own and has no part")
    if len({b.part for b in bands}) < len(bands):
        node.fault("twice", "two bands have the same part")
    ladder = node.table("ladder")
    made = Count(code, title, competence, bands, _ladder(ladder, known) if ladder is not None else None)
    node.done()
    return made


def _competent(node: Node, known: Mapping[str, Law]) -> Competent:
    agency = node.one("agency", Agency) or Agency.PUBLIC
    places = node.several("places", Place)
    if not places:
        node.fault("missing", "no places: where is this agency competent?", "places")
    made = Competent(agency, frozenset(places), _article(node, known))
    node.done()
    return made


def _band(node: Node, known: Mapping[str, Law]) -> BandRow:
    fine = "least" in node or "most" in node
    least, most = (node.number("least"), node.number("most")) if fine else (None, None)
    if least is not None and most is not None and (least > most or most == 0):
        node.fault("band", f"from {least} to {most} fen is no band", "most")
    part = node.word("part", "")
    if part and not NAME.fullmatch(part):
        node.fault("name", f"“{part}” cannot be the part of a band", "part")
    made = BandRow(part, least, most, node.flag("warning", default=False), _article(node, known))
    node.done()
    return made


def _ladder(node: Node, known: Mapping[str, Law]) -> LadderRow:
    steps, before = node.several("steps", Step), node.several("before_fine", Step, optional=True)
    if Step.FINE in steps:
        node.fault("ladder", "the fine ends every ladder; it is not one of its steps", "steps")
    if stray := [s for s in before if s not in steps]:
        node.fault("ladder", f"{', '.join(stray)} must come before a fine, but is no step of the ladder", "before_fine")
    made = LadderRow((*steps, Step.FINE), frozenset(before), _article(node, known))
    node.done()
    return made


def _aggravations(node: Node) -> tuple[Aggravation, ...]:
    found = []
    for n in node.tables("aggravation", optional=True):
        code = n.word("code")
        if not NAME.fullmatch(code):
            n.fault("name", f"“{code}” cannot be the code of a circumstance", "code")
        found.append(Aggravation(code, n.text("title")))
        n.done()
    return tuple(found)


def _photos(node: Node | None) -> Photos:
    if node is None:
        return Photos(1)
    apart, said = None, node.word("apart", "")
    if said:
        try:
            apart = Span.parse(said)
        except LawError:
            node.fault("not_span", f"“{said}” is no length of time such as 10 min", "apart")
    made = Photos(
        node.number("at_least"), node.number("panoramas", 0), node.flag("legible_plate", default=False), apart
    )
    if made.panoramas > made.at_least:
        node.fault("photos", "more panoramas than photographs", "panoramas")
    node.done()
    return made


FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "offences")  # noqa: PTH118, PTH120 - see below


def _shipped() -> Mapping[str, Kind]:
    # The files are read as a module is: once, at import, from beside the code. Without pathlib and importlib.resources,
    # which would bring sockets and threads into a package that knows neither.
    texts = []
    for name in sorted(os.listdir(FOLDER)):  # noqa: PTH208
        if name.endswith(".toml"):
            with open(os.path.join(FOLDER, name), encoding="utf-8") as file:  # noqa: PTH118, PTH123
                texts.append((f"law/offences/{name}", file.read()))
    return read(texts)


CATALOGUE: Mapping[str, Kind] = _shipped()
"""Every kind of street offence by its code, as the files say."""
