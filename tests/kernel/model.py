"""A second opinion on what a procedure allows, written differently from the kernel: it reads the declaration directly.

No tables, no compiled steps: loops over what was declared. It judges what can be judged from outside: the way from state
to state, who may act, four eyes, required answers, numbers of photographs. What else speaks against an act (the law's
competence, clocks, ties to other matters) it leaves to the kernel.
"""

from __future__ import annotations

from guangyue.kernel import Actor, Command, Entry, Matter, Procedure
from guangyue.kernel.grammar import REASON, Action, Ask, Field, Kind, Outcome, PhotoSet, T, Transfer

JUDGED = frozenset({
    "act.not_opening", "act.already_open", "state.wrong", "state.closed", "who.not_allowed", "who.same_person",
    "value.required", "evidence.too_few",
})  # fmt: skip
"""The reasons on which model and kernel must agree, to the letter."""


def outcomes(procedure: Procedure) -> set[str]:
    return {s.code for s in procedure.states if isinstance(s, Outcome)}


def target(procedure: Procedure, action: Action, state: str) -> str | None:
    """Where an action leads from a state, or nothing."""
    if action.opens:
        return action.opens if state == "" else None
    if action.repeat:
        usual = [s.code for s in procedure.states if not isinstance(s, Outcome)]
        return state if state in (action.during or usual) else None
    return action.moves.get(state)


def is_meant(who, actor: Actor, matter: Matter) -> bool:
    if who.kind == "anyone":
        return True
    if who.kind == "party":
        return who.code in actor.parties
    if who.kind == "system":
        return bool(actor.system) and who.code == actor.system
    if who.code not in actor.roles or (who.agency and who.agency != actor.agency):
        return False
    if who.levels and actor.level not in who.levels:
        return False
    return not who.holder or (matter.holder != "" and matter.holder in (actor.unit, actor.agency))


def verb_questions(action: Action) -> list[Ask]:
    """Generic verbs always ask why, and a transfer asks where to."""
    asked = {q.name for q in action.form}
    found = []
    if action.verb is not None and "reason" not in asked:
        found.append(REASON)
    if isinstance(action.verb, Transfer) and "unit" not in asked:
        found.append(Ask(Field("unit", Kind.UNIT, T("单位", "unit"))))
    return found


def objections(procedure: Procedure, matter: Matter, command: Command, actor: Actor) -> set[str]:
    """The judged reasons that must stand against an act."""
    action = next(a for a in procedure.actions if a.code == command.act)
    found: set[str] = set()
    if target(procedure, action, matter.state) is None:
        if matter.state == "":
            found.add("act.not_opening")
        elif action.opens:
            found.add("act.already_open")
        else:
            found.add("state.closed" if matter.state in outcomes(procedure) else "state.wrong")
    if not any(is_meant(w, actor, matter) for w in action.by):
        found.add("who.not_allowed")
    for earlier in action.unless_same_person_as:
        if actor.id in matter.doers.get(earlier, ()):
            found.add("who.same_person")
    for question in (*action.form, *verb_questions(action)):
        name = question.name
        empty = command.values.get(name) in (None, "", ())
        known = (
            isinstance(question.field, str)
            and name not in command.values
            and matter.fields.get(name) not in (None, "", ())
        )
        if question.required and empty and not known:
            found.add("value.required")
    for profile in action.evidence:
        if isinstance(profile, PhotoSet) and sum(p.set == profile.code for p in command.evidence) < profile.at_least:
            found.add("evidence.too_few")
    return found


def violations(procedure: Procedure, entry: Entry) -> list[str]:  # noqa: PLR0912 - one branch per kind of entry
    """What is illegal about an entry's change of state."""
    before, after = entry.before, entry.after
    found: list[str] = []
    if entry.closes != (after in outcomes(procedure)):
        found.append("closing and outcome disagree")
    if entry.kind == "act":
        action = next((a for a in procedure.actions if a.code == entry.act), None)
        if action is None:
            if before != after:
                found.append("work on tasks or versions moved the matter")
        elif target(procedure, action, before) != after:
            found.append(f"no way from {before} to {after} by {entry.act}")
    elif entry.kind == "lapse":
        clock = next((d for d in procedure.deadlines if d.key == entry.act), None)
        if clock is None:
            if before != after:
                found.append("a schedule moved the matter")
        elif before not in clock.during or after != (clock.lapses_to or before):
            found.append(f"{entry.act} may not lead from {before} to {after}")
    elif entry.kind == "reinstated":
        ways = {(s, d.lapses_to) for d in procedure.deadlines for s in d.during if d.lapses_to}
        reached, grown = {after}, True
        while grown:
            more = {to for frm, to in ways if frm in reached} - reached
            reached |= more
            grown = bool(more)
        if before not in reached:
            found.append(f"no chain of lapses leads from {after} to {before}")
    elif entry.kind in {"alarm", "dropped", "told"} and before != after:
        found.append(f"an entry of kind {entry.kind} moved the matter")
    return found


def lost(procedure: Procedure, matter: Matter) -> list[str]:
    """What a matter must never be: open without any way on, closed with a clock that should have stopped."""
    found: list[str] = []
    ends = outcomes(procedure)
    if matter.closed != (matter.state in ends):
        found.append("closed and outcome disagree")
    during = {d.key: d.during for d in procedure.deadlines}
    for key, armed in matter.deadlines.items():
        if armed.status in {"pending", "suspended"} and key in during and matter.state not in during[key]:
            found.append(f"{key} runs in {matter.state}")
    if not matter.closed:
        ways = any(target(procedure, a, matter.state) not in {None, matter.state} for a in procedure.actions)
        clocks = any(matter.state in d.during and d.lapses_to for d in procedure.deadlines)
        if not ways and not clocks:
            found.append(f"no way out of {matter.state}")
    return found
