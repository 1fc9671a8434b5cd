"""Papers: signed by whom they must be, and carrying what the law demands of them (法律文书必备事项)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from guangyue.kernel.checks.fault import Fault
from guangyue.kernel.grammar.papers import EVIDENCE, FILLED
from guangyue.kernel.tables import VERB_ANSWERS
from guangyue.law.papers import FIELDS, PAPERS

if TYPE_CHECKING:
    from guangyue.kernel.grammar.papers import Paper
    from guangyue.kernel.procedure import Procedure


def faults(p: Procedure) -> Iterator[Fault]:
    """Papers nobody signs, papers that lack what the law asks, papers that say what it forbids."""
    signed = {a.signs for a in p.actions}
    papers = {d.code: d for a in p.actions for d in a.documents}
    for paper in papers.values():
        if paper.signed_by is not None and paper.code not in signed:
            yield Fault("paper.never_signed", paper.declared_at, f"{paper.code} must be signed, and no act signs it")
        if paper.signed_by is None and paper.code in signed:
            yield Fault("paper.signer", paper.declared_at, f"{paper.code} is signed; say by whom in signed_by")
        yield from _sources(p, paper)
        if paper.basis:
            yield from _lawful(paper)
    for a in p.actions:
        signer = papers[a.signs].signed_by if a.signs else None
        if signer is not None and set(a.by) != {signer}:
            yield Fault("paper.signer", a.declared_at, f"“{a.code}” lets others sign than {signer.name}")


def _sources(p: Procedure, paper: Paper) -> Iterator[Fault]:
    """Where the values come from."""
    at = paper.declared_at
    values = {f.name for f in p.fields} | {q.name for a in p.actions for q in a.form} | VERB_ANSWERS
    sets = {f"{EVIDENCE}{e.code}" for a in p.actions for e in a.evidence}
    for field, source in paper.fills.items():
        if field not in FIELDS:
            yield Fault("paper.field", at, f"the law knows no field “{field}”")
        if source not in values | sets and source not in FILLED:
            yield Fault("paper.field", at, f"{paper.code} fills “{field}” from “{source}”, which nothing provides")
        if source == "@number" and not paper.numbered:
            yield Fault("paper.field", at, f"{paper.code} carries a number; name its series in numbered")
        if source == "@signature" and paper.signed_by is None:
            yield Fault("paper.field", at, f"{paper.code} carries a signature; say whose in signed_by")


def _lawful(paper: Paper) -> Iterator[Fault]:
    at = paper.declared_at
    if paper.basis not in PAPERS:
        yield Fault("paper.no_law", at, f"the law knows no paper “{paper.basis}”")
        return
    rule = PAPERS.versions(paper.basis)[-1]
    wanted = [*rule.fields, *(field for case, field in rule.fields_if if case in paper.cases)]
    for field in wanted:
        if field not in paper.fills:
            yield Fault(
                "paper.incomplete",
                at,
                f"{paper.code} lacks “{field}”, which {rule.source.article or rule.code} demands",
            )
    for field in sorted(rule.forbidden & paper.fills.keys()):
        yield Fault("paper.forbidden", at, f"{paper.code} must not carry “{field}”")
    if paper.statutory is not rule.starts_clocks:
        kind = "has" if rule.starts_clocks else "has no"
        yield Fault("paper.effect", at, f"a paper of class {rule.code} {kind} legal effect; statutory says otherwise")
