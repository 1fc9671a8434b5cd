"""``guangyue procedure``: print, check and document what the desks have declared."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click

from guangyue.desks import registry
from guangyue.kernel import DeclarationError, Fault, Procedure
from guangyue.kernel.grammar import Term
from guangyue.kernel.printing import index, page
from guangyue.kernel.printing.clocks import clocks
from guangyue.kernel.printing.markdown import GENERATED
from guangyue.law import BOOK, Text
from guangyue.law.competence import versions
from guangyue.law.competence.catalogue import FOLDER

__all__ = ["group", "pages"]

LANGUAGES = ("zh", "en")
OFFENCES = Path(FOLDER)
REGISTER = OFFENCES / "versions.txt"
EXAMPLES = Path("tests/kernel/skeletons")
_LANGUAGE = click.option(
    "--lang", type=click.Choice(LANGUAGES), default="zh", envvar="GUANGYUE_LANG", show_default=True
)
_UNKNOWN = Text("没有规程“{code}”。已有：{known}。", "There is no procedure “{code}”. Known: {known}.")
_LINE = Text("第{version}版 {states}个状态 {acts}项办理", "version {version}, {states} states, {acts} acts")
_CLEAN = Text("规程{n}个，未发现问题。", "{n} procedures, no faults.")
_FAULTY = Text("发现{n}处问题。", "{n} faults.")
_UNVERIFIED = Text("{code}：期限{n}项依据未经核实：{terms}", "{code}: {n} deadlines rest on unverified terms: {terms}")
_RECORDED = Text("已记录{n}个新版本。", "{n} new versions recorded.")
_WROTE = Text("已写入{n}个文件：{folder}", "{n} files written: {folder}")


@click.group()
def group() -> None:
    """Procedures: list, show, check, document."""


def _known() -> dict[str, Procedure]:
    try:
        return registry.procedures()
    except DeclarationError as error:
        raise click.ClickException(str(error)) from None


@group.command("list")
@_LANGUAGE
def list_(lang: str) -> None:
    """Every procedure: code, title, size."""
    known = _known()
    width = max(map(len, known), default=0)
    for code, p in known.items():
        size = _LINE.format(version=p.version, states=len(p.states), acts=len(p.actions))
        click.echo(f"{code:<{width}}  {p.title.of(lang)}  {size.of(lang)}")


@group.command()
@click.argument("code")
@_LANGUAGE
def show(code: str, lang: str) -> None:
    """The page of one procedure, in Markdown."""
    known = _known()
    if code not in known:
        raise click.ClickException(_UNKNOWN.format(code=code, known=", ".join(known)).of(lang))
    click.echo(page(known[code], lang), nl=False)


@group.command()
@_LANGUAGE
def check(lang: str) -> None:
    """Every fault of every declaration with the line that caused it, and what rests on unverified terms."""
    faults, sources = _import_all()
    known: dict[str, Procedure] = {}
    try:
        known = registry.find(sources)
    except DeclarationError as error:
        faults += error.faults
    if not faults:
        faults += registry.between(known)
    changed = versions.faults(versions.shipped(OFFENCES), _recorded())
    for fault in (*faults, *changed):
        click.echo(str(fault).removeprefix(f"{Path.cwd()}/"))
    for code, p in known.items():
        terms = sorted({d.term.code for d in clocks(p) if isinstance(d.term, Term) and not _verified(d.term.code)})
        if terms:
            click.echo(_UNVERIFIED.format(code=code, n=len(terms), terms=", ".join(terms)).of(lang))
    if faults or changed:
        click.echo(_FAULTY.format(n=len(faults) + len(changed)).of(lang))
        sys.exit(1)
    click.echo(_CLEAN.format(n=len(known)).of(lang))


def _import_all() -> tuple[list[Fault], list[ModuleType]]:
    """All modules that import, and the faults of those whose declarations do not."""
    faults: list[Fault] = []
    sources: list[ModuleType] = []
    for name in registry.modules():
        try:
            sources.append(importlib.import_module(name))
        except DeclarationError as error:
            faults += error.faults
    return faults, sources


def _verified(code: str) -> bool:
    return BOOK.versions(code)[-1].verified


@group.command()
@_LANGUAGE
def record(lang: str) -> None:
    """Writes down what new versions of the offence files say; from then on a change needs a new version."""
    files, known = versions.shipped(OFFENCES), _recorded()
    if changed := versions.faults(files, known):
        raise click.ClickException("\n".join(map(str, changed)))
    found = versions.written(files, known)
    head = (
        (line for line in REGISTER.read_text("utf-8").splitlines() if line.startswith("#")) if REGISTER.exists() else ()
    )
    lines = (f"{code} {version} {said}" for (code, version), said in sorted(found.items()))
    REGISTER.write_text("\n".join((*head, *lines)) + "\n", encoding="utf-8")
    click.echo(_RECORDED.format(n=len(found) - len(known)).of(lang))


def _recorded() -> versions.Recorded:
    return versions.recorded(REGISTER.read_text("utf-8")) if REGISTER.exists() else {}


@group.command()
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder docs/.")
@click.option(
    "--examples",
    type=click.Path(file_okay=False, path_type=Path),
    default=EXAMPLES,
    show_default=True,
    help="A folder of declarations to document beside the desks'; left out when it is not there.",
)
@_LANGUAGE
def docs(into: Path, examples: Path, lang: str) -> None:
    """Writes INTO/procedures: a page per procedure and language, and an index. Generated pages of what is gone go."""
    folder = into / "procedures"
    wanted = pages(_known(), _examples(examples))
    for old in folder.rglob("*.md"):
        if old.relative_to(folder).as_posix() not in wanted and old.read_text("utf-8").startswith(GENERATED):
            old.unlink()
    for name, text in wanted.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    click.echo(_WROTE.format(n=len(wanted), folder=folder).of(lang))


def pages(known: dict[str, Procedure], examples: dict[str, Procedure]) -> dict[str, str]:
    """Every page by its name in the folder ``procedures``."""
    made = {f"{p.code}.{lang}.md": page(p, lang) for p in known.values() for lang in LANGUAGES}
    made |= {f"examples/{p.code}.{lang}.md": page(p, lang) for p in examples.values() for lang in LANGUAGES}
    return made | {"README.md": index(known.values(), examples.values())}


def _examples(folder: Path) -> dict[str, Procedure]:
    try:
        return registry.find(_load(folder))
    except DeclarationError as error:
        raise click.ClickException(str(error)) from None


def _load(folder: Path) -> Iterator[ModuleType]:
    for file in sorted(folder.glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"guangyue_example_{file.stem}", file)
        if spec is not None and spec.loader is not None:
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            yield module
