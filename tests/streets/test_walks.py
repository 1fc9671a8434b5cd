"""Random walks over the desk's procedures: whatever is tried in whatever order, the law's limits hold.

Each entry that any walk has written is looked at: no fine outside its band, none before the steps of its ladder, no
decision before the party was told and heard, none above what was told, none by its own investigator, none at the maximum
without reasons and legal review; no identity without a matter.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.kernel import walk as walking
from tests.kernel.stage import photo
from tests.streets.people import DESK

from guangyue.desks.streets.course.general import HANDS_ON
from guangyue.desks.streets.course.street import LADDER
from guangyue.kernel import Actor
from guangyue.kernel.grammar import Checked, Recording
from guangyue.kernel.grammar.values import Kind
from guangyue.kernel.tables import elements
from guangyue.law import local_date
from guangyue.law.competence import BANDS, LADDERS, Action, competent
from guangyue.law.competence.catalogue import CATALOGUE
from guangyue.law.competence.offences import Offence
from guangyue.law.competence.places import Place
from guangyue.law.limits import LIMITS

FINES = {"fine_on_spot", "fine_simple", "decide_fine"}
PENALTIES = {*FINES, "warn", "warn_minor", "decide_warning"}
COURSES = tuple(DESK[f"streets.{k.code}"] for k in CATALOGUE.values() if not k.by_hand)
OTHERS = tuple(
    DESK[f"streets.{name}"] for name in ("identity", "questioning", "transfer", "team", "gap", "visit", "measure")
)
EARLY = {
    "drop",
    "corrected",
    "warn_orally",
    "hand_to_urban",
    "hand_to_traffic_police",
    "send_back",
    "decide_none",
    "transferred",
    "suspend",
    "annul",
}
TOPS = {c.code: c.most for k in CATALOGUE.values() for c in k.counts}


class StreetWalker(walking.Walker):
    """A walker that often knows what it does: the right agency, a colleague beside, an amount near the band."""

    def _actor(self, action, matter):
        actor = super()._actor(action, matter)
        right = _competent(matter)
        for _ in range(4):  # mostly somebody of the right agency
            if not right or not actor.roles or actor.agency == right or self.dice.random() < 0.1:
                break
            actor = super()._actor(action, matter)
        more = {"level": actor.level or "county"} if actor.roles else {}
        if actor.roles & {"agency_head", "legal_reviewer", "hearing_host"} and self.dice.random() < 0.9:
            more["id"] = f"upstairs-{self.dice.randrange(3)}"  # mostly not those who investigated
        return Actor(**{**_as_dict(actor), **more})

    def _check_refusal(self, procedure, blank, command, actor, answer, *, settled):
        """The model knows no bands: what a band misses on a matter that does not exist yet is the kernel's word alone."""
        if command.act not in FINES:
            super()._check_refusal(procedure, blank, command, actor, answer, settled=settled)

    def step(self) -> None:
        self.stage.staff = {
            name: Actor(
                id=name, roles=frozenset({"urban_officer", "traffic_officer"}), agency=agency, unit="u1", level="county",
                qualities=walking.QUALITIES,
            )
            for name, agency in zip(self.people, ("urban", "traffic_police", "urban", "traffic_police"), strict=True)
        }  # fmt: skip
        super().step()

    def _command(self, procedure, action, matter):
        made = super()._command(procedure, action, matter)
        values = dict(made.values)
        if "offence" in values:
            count = next(c for k in CATALOGUE.values() for c in k.counts if c.code == values["offence"])
            if self.dice.random() < 0.9:
                values["place_type"] = self.dice.choice(sorted(count.competence[0].places))
        for name in ("fine", "told_fine"):
            if name in procedure.tables.forms[action.code] and self.dice.random() < 0.9:
                told = matter.fields.get("told_fine") if name == "fine" else None
                values[name] = told if told and self.dice.random() < 0.5 else self._amount(matter)
        ticks = {e.code for e in elements(action.requires) if isinstance(e, Checked)}
        checks = frozenset(t for t in ticks if self.dice.random() < 0.92)
        return replace(made, values=values, officers=tuple(self.people), checks=checks, present=frozenset())

    def _amount(self, matter) -> int:
        code = f"B-{matter.fields.get('offence', '')}"
        band = BANDS.versions(code)[-1] if code in BANDS else None
        least, most = (band.least or 0, band.most or 0) if band else (0, 0)
        return self.dice.choice((least - 1, least, (least + most) // 2, most, most + 1, 150_00, 20_00)) or 1

    def _pieces(self, profile):
        if isinstance(profile, Recording):
            return super()._pieces(profile)
        dice = self.dice
        least = max(0, profile.at_least - (dice.random() < 0.05))
        return [
            photo(profile.code, self.stage.now, dice.getrandbits(60), plate_legible=dice.random() < 0.97)
            for _ in range(least)
        ]

    def _action(self, procedure, matter):
        chosen = super()._action(procedure, matter)
        done = matter.doers if matter else {}
        for _ in range(
            4
        ):  # what ends a matter early or was done is left alone mostly, so that walks get to the penalties
            if not (chosen.code in EARLY or (chosen.repeat and chosen.code in done)) or self.dice.random() < 0.1:
                break
            chosen = super()._action(procedure, matter)
        return chosen

    def _value(self, field_, ask):
        if field_.kind is Kind.CHOICE and field_.name == "measure" and self.dice.random() < 0.7:
            offered = [code for code, _ in field_.choices]
            return "fine" if "fine" in offered else offered[0]
        if field_.name == "minor":
            return self.dice.random() < 0.1
        if field_.kind is Kind.MOMENT and self.dice.random() < 0.5:
            return self.stage.now + timedelta(hours=2)
        return super()._value(field_, ask)


def _competent(matter) -> str:
    """Whose matter it is, when that is known."""
    offence, place = matter.fields.get("offence"), matter.fields.get("place_type")
    if not offence or not place:
        return ""
    rule = competent(Offence(offence), Place(place), local_date(matter.passages[0].at))
    return rule.agency.value if rule else ""


def _as_dict(actor: Actor) -> dict[str, object]:
    names = ("id", "roles", "agency", "level", "unit", "qualities", "parties", "system", "signed_in_at")
    return {name: getattr(actor, name) for name in names}


def against_the_law(walker: StreetWalker) -> tuple[list[str], dict[str, int]]:
    """What a walk has done that the law forbids, and how often each penalty was reached."""
    wrong: list[str] = []
    reached: dict[str, int] = {}
    for id_, journal in walker.stage.journals.items():
        done: dict[str, list] = {}
        fields: dict[str, object] = {}
        for entry in journal:
            fields |= entry.sets
            where = f"{entry.procedure} {id_}#{entry.seq} {entry.act}"
            if entry.act in PENALTIES and entry.kind == "act":
                reached[entry.act] = reached.get(entry.act, 0) + 1
                wrong += [f"{where}: {what}" for what in _penalty(entry, done, fields, journal)]
            if entry.procedure == "streets.identity" and entry.act == "ask" and not entry.relations:
                wrong.append(f"{where}: no matter")
            done.setdefault(entry.act, []).append(entry)
    return wrong, reached


def _penalty(entry, done, fields, journal) -> list[str]:
    found = []
    first = local_date(journal[0].observed_at)
    general = entry.act.startswith("decide_")
    if not (done.get("notify") if general else done.get("tell")):
        found.append("nobody was told")
    if not general and not done.get("hear"):
        found.append("nobody was heard")
    if general and not any(done.get(a) for a in ("defended", "defence", "hold_hearing", "leave_hearing")):
        found.append("no statement, no time for one")
    if general and any(e.actor == entry.actor for a in HANDS_ON for e in done.get(a, ())):
        found.append("decided by who investigated")
    offence, place = str(fields["offence"]), str(fields["place_type"])
    rule = competent(Offence(offence), Place(place), first)
    if not rule or rule.agency != entry.agency:
        found.append(f"{entry.agency} is not competent")
    if entry.act in FINES:
        found += _fine(entry, done, fields, offence, first)
    return found


def _fine(entry, done, fields, offence, first) -> list[str]:
    found = []
    fen, band = int(fields["fine"]), BANDS.get(f"B-{offence}", first)
    if band.least is None or band.most is None or not band.least <= fen <= band.most:
        found.append(f"{fen} is outside the band")
    code = f"D-{offence}"
    due = LADDERS.get(code, first).before_fine if code in LADDERS else frozenset()
    taken = {LADDER[a] for a in done if a in LADDER}
    if missing := {s.value for s in due} - taken:
        found.append(f"before {sorted(missing)}")
    if fields.get("measure") != "fine":
        found.append("a fine was not told")
    if fen > int(fields.get("told_fine") or 0):
        found.append("more than was told")
    if TOPS[offence] is not None and fen >= TOPS[offence] and not (fields.get("top_reason") and done.get("review")):
        found.append("the maximum without reasons and review")
    if entry.act == "fine_simple" and fen > LIMITS.get("M-TRAF-SPOT", first).amount:
        found.append("above the on-the-spot limit")
    return found


def played(seed: int, steps: int, procedures) -> tuple[walking.Tally, list[str], dict[str, int]]:
    tally = walking.Tally()
    walker = StreetWalker(seed, tally, procedures=procedures)
    wrong: list[str] = []
    reached: dict[str, int] = {}
    rounds = max(1, steps // 140)
    for _ in range(rounds):
        walker.walk(min(steps, 140))  # a stage lives for 150 steps; look before it goes
        bad, got = against_the_law(walker)
        wrong += bad
        for act, n in got.items():
            reached[act] = reached.get(act, 0) + n
    return tally, wrong, reached


@pytest.mark.parametrize("procedure", COURSES, ids=lambda p: p.code)
def test_no_walk_finds_a_way_around_the_law(procedure):
    tally, wrong, _ = played(7, 560, (procedure,))
    assert tally.violations == []
    assert wrong == []
    assert tally.decided > 60


def test_without_its_rules_a_fine_is_caught_by_this_test():
    """What the walks look for, they find: the same procedure with the rules of its fines taken away."""
    ads = DESK["streets.small_ads"]
    weak = replace(
        ads, version=ads.version + 1,
        actions=tuple(replace(a, requires=()) if a.code in FINES else a for a in ads.actions),
    )  # fmt: skip
    _, wrong, reached = played(5, 1120, (weak,))
    assert set(reached) & FINES
    assert any("outside the band" in w or "before [" in w or "more than was told" in w for w in wrong)


def test_the_other_procedures_keep_to_their_declarations():
    tally, wrong, _ = played(11, 560, (*OTHERS, DESK["streets.small_ads"]))
    assert tally.violations == []
    assert wrong == []


@pytest.mark.long
def test_long_walks_reach_every_penalty_and_never_break_a_limit():
    steps = int(os.environ.get("STREETS_WALK", "40000"))
    reached: dict[str, int] = {}
    for seed in range(4):
        tally, wrong, got = played(seed, steps // 4, COURSES)
        assert (tally.violations, wrong) == ([], [])
        for act, n in got.items():
            reached[act] = reached.get(act, 0) + n
    assert {"warn", "decide_warning"} <= set(reached), reached


def test_the_law_itself_gives_urban_management_no_identity_query():
    from guangyue.law.competence import POWERS, Role

    holders = {p.role for p in POWERS if Action.QUERY_IDENTITY in p.actions}
    assert Role.URBAN_OFFICER not in holders
