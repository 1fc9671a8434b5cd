"""Judging what a command brings: answers, evidence, papers. Every fault becomes a reason; nothing stops at the first."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

from guangyue.kernel.command import Piece
from guangyue.kernel.context import Context
from guangyue.kernel.evolve import merged
from guangyue.kernel.grammar.actions import Action
from guangyue.kernel.grammar.evidence import PhotoSet, Recording
from guangyue.kernel.grammar.papers import Paper
from guangyue.kernel.grammar.values import fault
from guangyue.kernel.reasons import Reason
from guangyue.kernel.tables import Question
from guangyue.law import LawError, Span, Text, local_date
from guangyue.law.papers import complete

EMPTY = (None, "", ())

SKEW = timedelta(minutes=1)
"""How far a phone's clock may run ahead; within it, what is observed counts as observed at receipt."""


def answers(context: Context, form: Mapping[str, Question]) -> list[Reason]:
    """Faults of the answers."""
    values = context.command.values
    reasons = [Reason("value.unknown", {"name": name}, field=name) for name in values if name not in form]
    for name, question in form.items():
        value = values.get(name)
        if value is None or value in EMPTY:
            known = question.sets and name not in values and context.matter.fields.get(name) not in EMPTY
            if question.ask.required and not known:
                reasons.append(Reason("value.required", {"title": question.field.title}, field=name))
        elif wrong := fault(question.field, question.ask, value):
            reasons.append(Reason(wrong[0], {"title": question.field.title, **wrong[1]}, field=name))
    return reasons


def evidence(context: Context, action: Action) -> list[Reason]:
    """Faults of photographs and recordings against the action's profiles."""
    reasons: list[Reason] = []
    given: dict[str, list[Piece]] = {profile.code: [] for profile in action.evidence}
    soonest = context.command.received_at + SKEW
    for piece in context.command.evidence:
        if piece.set not in given:
            reasons.append(Reason("evidence.unknown_set", {"act": action.title, "name": piece.set}))
            continue
        given[piece.set].append(piece)
        if piece.taken_at is not None and max(piece.taken_at, piece.until or piece.taken_at) > soonest:
            reasons.append(Reason("evidence.future"))
    for profile in action.evidence:
        if isinstance(profile, PhotoSet):
            _photos(context, profile, given[profile.code], reasons)
        else:
            reasons += _recording(context, profile, given[profile.code])
    return reasons


def _photos(context: Context, profile: PhotoSet, pieces: list[Piece], reasons: list[Reason]) -> None:
    title = profile.title
    different: set[str] = set()
    moments: list[datetime] = []
    panoramas, legible, located = 0, False, True
    for piece in pieces:
        different.add(piece.sha256)
        panoramas += piece.panorama
        legible = legible or piece.plate_legible
        located = located and piece.located
        if piece.taken_at is not None:
            moments.append(piece.taken_at)
    if len(different) < profile.at_least:
        given = {"title": title, "needed": profile.at_least, "given": len(different)}
        reasons.append(Reason("evidence.too_few", given))
    if panoramas < profile.panoramas:
        reasons.append(Reason("evidence.no_panorama", {"title": title, "needed": profile.panoramas}))
    if profile.legible_plate and not legible:
        reasons.append(Reason("evidence.plate_unreadable", {"title": title}))
    if profile.located and not located:
        reasons.append(Reason("evidence.not_located", {"title": title}))
    if profile.timed and len(moments) < len(pieces):
        reasons.append(Reason("evidence.no_time", {"title": title}))
    if profile.apart is not None:
        for code in profile.together_with:
            if shots := context.matter.shots.get(code):
                moments += [shots.first, shots.last]
        if moments and max(moments) - min(moments) < length(profile.apart):
            reasons.append(Reason("evidence.too_close", {"apart": profile.apart.text}))


def _recording(context: Context, profile: Recording, pieces: list[Piece]) -> Iterator[Reason]:
    """A recording may come in pieces, with this act and earlier ones; together they leave no gap."""
    times = [(p.taken_at, p.until) for p in pieces if p.taken_at is not None and p.until is not None]
    if len(times) < len(pieces):
        yield Reason("evidence.no_time", {"title": profile.title})
    shots = context.matter.shots.get(profile.code)
    covered = merged((*(shots.covered if shots else ()), *times))
    if not covered:
        if profile.required:
            yield Reason("evidence.no_recording", {"title": profile.title})
        return
    if profile.without_gap is None:
        return
    allowed = length(profile.without_gap)
    ends = covered
    if profile.since:
        began = next((p.at for p in reversed(context.matter.passages) if p.state == profile.since), covered[0][0])
        ends = ((began, began), *(s for s in covered if s[1] > began), (context.observed_at, context.observed_at))
    if any(after[0] - before[1] > allowed for before, after in itertools.pairwise(ends)):
        yield Reason("evidence.recording_gap", {"title": profile.title, "allowed": profile.without_gap.text})


def length(span: Span) -> timedelta:
    """The plain length of a clock span; a day counts 24 hours here, where photographs are compared."""
    return span.clock if span.clock is not None else timedelta(days=span.amount)


def papers(context: Context, action: Action) -> tuple[tuple[Paper, ...], list[Reason]]:
    """The papers the act issues, and what each still lacks."""
    issued: list[Paper] = []
    reasons: list[Reason] = []
    form = context.procedure.tables.forms[action.code]
    asked = {name for name, question in form.items() if question.ask.required}  # the form says so itself
    for paper in action.documents:
        if paper.when is not None and not paper.when.holds(context):
            continue
        issued.append(paper)
        filled = tuple(source for source in paper.fills.values() if not source.startswith("@"))
        for name in dict.fromkeys((*paper.needs, *filled)):
            if name not in asked and context.value(name) in EMPTY:
                title = context.title_of(name)
                reasons.append(Reason("paper.value_missing", {"paper": paper.title, "title": title}, field=name))
        if paper.basis:
            faults = lacking(paper.basis, frozenset(paper.fills), paper.cases, local_date(context.observed_at))
            reasons += [Reason("paper.law", {"paper": paper.title, "why": why}) for why in faults]
    return tuple(issued), reasons


@lru_cache(maxsize=1_000)
def lacking(basis: str, given: frozenset[str], cases: tuple[str, ...], day: date) -> tuple[Text, ...]:
    """What the law of the day finds wrong with a paper's fields; the declaration was held against the law of today."""
    try:
        verdict = complete(basis, given, day, cases=cases)
    except LawError as error:
        return (error.text,)
    return () if verdict else tuple(r.text for r in verdict.reasons)
