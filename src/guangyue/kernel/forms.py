"""Judging what a command brings: answers, evidence, papers. Every fault becomes a reason; nothing stops at the first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from guangyue.kernel.command import Piece
from guangyue.kernel.context import Context
from guangyue.kernel.grammar.actions import Action
from guangyue.kernel.grammar.evidence import PhotoSet, Recording
from guangyue.kernel.grammar.papers import Paper
from guangyue.kernel.grammar.values import Field, fault
from guangyue.kernel.reasons import Reason
from guangyue.kernel.tables import Question
from guangyue.law import Span

EMPTY = (None, "", ())


def answers(context: Context, form: dict[str, Question]) -> Iterator[Reason]:
    """Faults of the answers."""
    values = context.command.values
    for name in values:
        if name not in form:
            yield Reason("value.unknown", {"name": name}, field=name)
    for name, question in form.items():
        title = question.field.title
        value = values.get(name)
        if value in EMPTY:
            known = question.sets and context.matter.fields.get(name) not in EMPTY and name not in values
            if question.ask.required and not known:
                yield Reason("value.required", {"title": title}, field=name)
        elif wrong := fault(question.field, question.ask, value):
            yield Reason(wrong[0], {"title": title, **wrong[1]}, field=name)


def evidence(context: Context, action: Action) -> Iterator[Reason]:
    """Faults of photographs and recordings against the action's profiles."""
    given: dict[str, list[Piece]] = {}
    for piece in context.command.evidence:
        given.setdefault(piece.set, []).append(piece)
    for stray in given.keys() - {profile.code for profile in action.evidence}:
        yield Reason("evidence.unknown_set", {"act": action.title, "name": stray})
    for profile in action.evidence:
        pieces = given.get(profile.code, [])
        if isinstance(profile, PhotoSet):
            yield from _photos(context, profile, pieces)
        else:
            yield from _recording(profile, pieces)


def _photos(context: Context, profile: PhotoSet, pieces: list[Piece]) -> Iterator[Reason]:
    title = profile.title
    if len(pieces) < profile.at_least:
        yield Reason("evidence.too_few", {"title": title, "needed": profile.at_least, "given": len(pieces)})
    if sum(p.panorama for p in pieces) < profile.panoramas:
        yield Reason("evidence.no_panorama", {"title": title, "needed": profile.panoramas})
    if profile.legible_plate and not any(p.plate_legible for p in pieces):
        yield Reason("evidence.plate_unreadable", {"title": title})
    if profile.located and not all(p.located for p in pieces):
        yield Reason("evidence.not_located", {"title": title})
    moments = [p.taken_at for p in pieces if p.taken_at is not None]
    if len(moments) < len(pieces):
        yield Reason("evidence.no_time", {"title": title})
    if profile.apart is not None:
        for code in profile.together_with:
            if shots := context.matter.shots.get(code):
                moments += [shots.first, shots.last]
        if moments and max(moments) - min(moments) < length(profile.apart):
            yield Reason("evidence.too_close", {"apart": profile.apart.text})


def _recording(profile: Recording, pieces: list[Piece]) -> Iterator[Reason]:
    if not pieces:
        yield Reason("evidence.no_recording", {"title": profile.title})
        return
    if profile.without_gap is None:
        return
    allowed = length(profile.without_gap)
    times = sorted((p.taken_at, p.until) for p in pieces if p.taken_at is not None and p.until is not None)
    if len(times) < len(pieces):
        yield Reason("evidence.no_time", {"title": profile.title})
    end: datetime | None = None
    for began, ended in times:
        if end is not None and began - end > allowed:
            yield Reason("evidence.recording_gap", {"title": profile.title, "allowed": profile.without_gap.text})
            return
        end = ended if end is None else max(end, ended)


def length(span: Span) -> timedelta:
    """The plain length of a clock span; a day counts 24 hours here, where photographs are compared."""
    return span.clock if span.clock is not None else timedelta(days=span.amount)


def papers(context: Context, action: Action) -> tuple[tuple[Paper, ...], list[Reason]]:
    """The papers the act issues, and what each still lacks."""
    issued: list[Paper] = []
    reasons: list[Reason] = []
    for paper in action.documents:
        if paper.when is not None and not paper.when.holds(context):
            continue
        issued.append(paper)
        for name in paper.needs:
            if context.value(name) in EMPTY:
                field = context.procedure.tables.fields.get(name) or _asked(context, name)
                title = field.title if field else name
                reasons.append(Reason("paper.value_missing", {"paper": paper.title, "title": title}, field=name))
    return tuple(issued), reasons


def _asked(context: Context, name: str) -> Field | None:
    question = context.procedure.tables.forms[context.command.act].get(name)
    return question.field if question else None
