"""Lapses undone by what was observed in time: the entry of kind ``reinstated``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from guangyue.kernel import clocks
from guangyue.kernel.decision import Entry, Stop
from guangyue.kernel.entries import counted

if TYPE_CHECKING:
    from guangyue.kernel.context import Context
    from guangyue.kernel.matter import Armed, Passage

LAPSE = "lapse:"


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Lapses to undo, latest first, with their passages, and the state that stood before them."""

    state: str
    lapses: tuple[tuple[Passage, Armed], ...]


def overtaken(context: Context) -> Overtaken | None:
    """The lapses to undo when an act was observed inside terms that have lapsed since.

    Only bare lapses can be undone; as soon as anybody has moved the matter on since, nothing is. Acts that changed no
    state meanwhile stand, and stand in nobody's way.
    """
    matter, observed = context.matter, context.observed_at
    passages = matter.passages
    undone: list[tuple[Passage, Armed]] = []
    index = len(passages) - 1
    while index > 0 and passages[index].by.startswith(LAPSE):
        key, _, occurrence = passages[index].by.removeprefix(LAPSE).rpartition("#")
        armed = matter.deadlines.get(key)
        if armed is None or armed.status != "fired" or str(armed.occurrence) != occurrence:
            break
        if not armed.met_by(observed):
            break
        undone.append((passages[index], armed))
        index -= 1
    before = passages[index]
    step = context.procedure.tables.steps[context.command.act][before.state]
    if not undone or step is None or step.after == before.state or before.at > observed:
        return None
    return Overtaken(before.state, tuple(undone))


def reinstatement(context: Context, back: Overtaken) -> Entry:
    """The entry that undoes lapses: state, clocks, tasks and figures are as before them."""
    matter, procedure, actor = context.matter, context.procedure, context.actor
    tables = procedure.tables
    undone = {passage.seq for passage, _ in back.lapses}
    stops = [Stop(armed.key, armed.occurrence, "pending") for _, armed in back.lapses]
    revived = {armed.key for _, armed in back.lapses}
    for key, armed in matter.deadlines.items():
        if key in revived:
            continue
        deadline = tables.deadlines.get(key)
        if armed.ended in undone:
            status = clocks.status_of(deadline) if deadline is not None else "pending"
            stops.append(Stop(key, armed.occurrence, status))
        elif deadline is not None and armed.status in clocks.ALIVE and back.state not in deadline.during:
            stops.append(Stop(key, armed.occurrence, "cancelled"))
    # weighed as at the lapse, which brought no answers of its own
    bare = context.bare()
    counts: list[tuple[str, int]] = []
    states = [p.state for p in matter.passages[: len(matter.passages) - 1]][::-1]
    for (_, armed), state in zip(back.lapses, states, strict=False):
        lapsed = tables.lapses[armed.key][state]
        counts += counted(bare, lapsed.counts if lapsed is not None else (), -1)
    return Entry(
        matter=matter.id, seq=matter.seq + 1, procedure=procedure.code, version=procedure.version,
        digest=procedure.digest, kind="reinstated", act=back.lapses[-1][1].key, actor=actor.id, role="",
        agency=actor.agency, unit=actor.unit, observed_at=context.observed_at, decided_at=context.facts.now,
        before=matter.state, after=back.state, closes=back.state in tables.outcomes, stops=tuple(stops),
        tasks=tuple(replace(t, status="open") for t in matter.tasks if t.ended in undone), counts=tuple(counts),
    )  # fmt: skip
