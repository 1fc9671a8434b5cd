"""The list of all pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from guangyue.kernel.printing.clocks import clocks
from guangyue.kernel.printing.markdown import GENERATED, code

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure

ABOUT = """A procedure prints itself: these pages are written from the declarations, and a test fails when they have drifted.
[How procedures work](../kernel.md)."""
EXAMPLES = """## Examples

Procedures that prove the grammar, played from opening to end by the tests; no desk runs them.
"""


def index(procedures: Iterable[Procedure], examples: Iterable[Procedure] = ()) -> str:
    """A table of procedures, each with its pages, and one of examples in the folder ``examples``."""
    out = [GENERATED, "", "# 规程 · Procedures", "", *ABOUT.split("\n"), "", *_table(procedures, "")]
    shown = tuple(examples)
    if shown:
        out += ["", *EXAMPLES.split("\n"), *_table(shown, "examples/")]
    return "\n".join(out) + "\n"


def _table(procedures: Iterable[Procedure], folder: str) -> list[str]:
    out = ["| | 规程 | Procedure | states | acts | clocks |", "| --- | --- | --- | ---: | ---: | ---: |"]
    for p in sorted(procedures, key=lambda p: p.code):
        zh, en = (f"[{p.title.of(lang)}]({folder}{p.code}.{lang}.md)" for lang in ("zh", "en"))
        counts = f"{len(p.states)} | {len(p.actions)} | {sum(1 for _ in clocks(p))}"
        out.append(f"| {code(p.code)} | {zh} | {en} | {counts} |")
    return out
