"""Clocks: every unit, late policies, repeats, times of day, suspension, extension; and the arithmetic done a second time."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest
from tests.kernel.stage import Stage, moment, officer, zh
from tests.law.reference import ends, worked

from guangyue.kernel import Facts, Matter, Procedure, clocks
from guangyue.kernel.grammar import (
    CLOCK,
    Action,
    Ask,
    Count,
    Daily,
    Deadline,
    Extend,
    Field,
    FromField,
    Kind,
    Outcome,
    Resume,
    Role,
    Schedule,
    State,
    Suspend,
    T,
    Term,
)
from guangyue.kernel.matter import Armed
from guangyue.law import BOOK, CALENDAR, CITY, Span, Unit

W = T("字", "word")
MA = officer("ma", "station_officer")
BY = (Role("station_officer"),)
WHY = {"values": {"reason": "依法办理"}}


def clocked(term, *, mode="lapse", schedules=(), **more) -> Procedure:
    """One clock in one state, with everything that can be done to it."""
    extends = isinstance(term, Term)
    more |= {"lapses_to": "over"} if mode == "lapse" and not more.get("does") else {}
    more |= {"tells": BY} if mode == "alarm" else {}
    return Procedure(
        code="tests.clock", version=1, title=W, subject="thing",
        fields=(Field("until", Kind.DATE, W), Field("at", Kind.MOMENT, W)),
        states=(State("on", W), State("over", W), Outcome("done", W)),
        deadlines=(Deadline("due", T("期限", "Term"), term, ("on",), mode=mode, **more),),
        schedules=schedules,
        actions=(
            Action("open", W, BY, opens="on", form=(Ask("until", required=False), Ask("at", required=False))),
            Action("finish", W, BY, moves={"on": "done", "over": "done"}),
            Action("give_up", W, BY, moves={"on": "over"}),
            Action("suspend", W, BY, repeat=True, verb=Suspend()),
            Action("resume", W, BY, repeat=True, verb=Resume()),
            Action("pause", W, BY, repeat=True, verb=Suspend(("due",))),
            Action("go_on", W, BY, repeat=True, verb=Resume(("due",))),
            Action("round", W, (CLOCK,), repeat=True, during=("on",)),
            *((Action("extend", W, BY, repeat=True, verb=Extend("due")),) if extends else ()),
        ),
        figures=(Count("fired", W, of="lapse:due"), Count("rounds", W, of="round")),
    )  # fmt: skip


def opened(procedure: Procedure, at: str = "2026-03-02 09:00", **more) -> tuple[Stage, str]:
    stage = Stage(procedure, at=at)
    return stage, stage.open(MA, "open", "tests.clock", **more).id


def due(stage: Stage, id_: str) -> Armed:
    return stage.matters[id_].deadlines["due"]


@pytest.mark.parametrize(
    ("term", "opened_at", "suspended", "resumed", "left", "end"),
    [
        ("S-ALARM-ACK", "2026-03-02 09:00:00", "2026-03-02 09:00:10", "2026-03-02 10:00:00", "20 s", "2026-03-02 10:00:20"),
        ("S-GRACE", "2026-03-02 09:00", "2026-03-02 09:04", "2026-03-03 09:00", "360 s", "2026-03-03 09:06"),
        ("L-PSA-QUICK", "2026-03-02 09:00", "2026-03-03 09:00", "2026-03-05 09:00", "86400 s", "2026-03-06 09:00"),
        ("L-PSA-DUE", "2026-03-02 09:00", "2026-03-12 15:00", "2026-05-06 09:00", "20 d", "2026-05-27 00:00"),
        ("L-TRAF-REV", "2026-02-11 09:00", "2026-02-13 09:00", "2026-02-25 09:00", "3 wd", "2026-03-01 00:00"),
        ("L-EXE-6M.2", "2026-03-02 09:00", "2026-05-03 09:00", "2026-06-08 09:00", "30 d", "2026-07-09 00:00"),
    ],
    ids=["seconds", "minutes", "hours", "days", "working days over the Spring Festival", "months keep days"],
)  # fmt: skip
def test_suspension_keeps_the_remainder_in_the_rules_own_unit(term, opened_at, suspended, resumed, left, end):
    stage, id_ = opened(clocked(Term(term)), opened_at)
    stage.at(suspended).do(MA, "suspend", id_, **WHY)
    assert str(due(stage, id_).remaining) == left
    stage.at(resumed)
    assert due(stage, id_).status == "suspended", "nothing runs out meanwhile"
    stage.do(MA, "resume", id_, **WHY)
    assert (due(stage, id_).status, due(stage, id_).occurrence) == ("pending", 2)
    assert due(stage, id_).due_at == moment(end)


def test_one_clock_pauses_while_the_matter_goes_on():
    stage, id_ = opened(clocked(Term("L-PSA-DUE")))
    assert zh(stage.refused(MA, "go_on", id_, **WHY)) == ["期限“期限”没有中止，无需恢复。"]
    matter = stage.at("2026-03-10 09:00").do(MA, "pause", id_, **WHY)
    assert not matter.suspended
    assert zh(stage.refused(MA, "pause", id_, **WHY)) == ["期限“期限”没有在计时，不能延长或中止。"]
    assert zh(stage.refused(MA, "resume", id_, **WHY)) == ["事项没有中止，无需恢复。"]
    stage.at("2026-03-20 09:00").do(MA, "go_on", id_, **WHY)
    assert due(stage, id_).due_at == moment("2026-04-14 00:00"), "22 days end on a Saturday, and move on to Monday"
    assert stage.do(MA, "finish", id_).closed


def test_extension_as_the_law_gives_it_twice_and_no_further():
    stage, id_ = opened(clocked(Term("L-PSA-DUE")))
    assert due(stage, id_).due_at == moment("2026-04-02 00:00")
    stage.do(MA, "extend", id_, **WHY)
    assert due(stage, id_).due_at == moment("2026-05-07 00:00"), "the sixtieth day is a holiday's, and moves on"
    stage.do(MA, "extend", id_, **WHY)
    assert (due(stage, id_).due_at, due(stage, id_).occurrence) == (moment("2026-06-02 00:00"), 3)
    assert zh(stage.refused(MA, "extend", id_, **WHY)) == ["“L-PSA-DUE”最多延长2次。"]
    assert zh(stage.refused(MA, "extend", id_)) == ["请填写“理由”。", "“L-PSA-DUE”最多延长2次。"]


def test_a_promise_of_the_city_has_no_extension_and_a_lapsed_term_none_either():
    stage, id_ = opened(clocked(Term("S-GRACE")))
    assert zh(stage.refused(MA, "extend", id_, **WHY)) == ["期限“期限”依法不能延长。"]
    stage.at("09:11")
    assert zh(stage.refused(MA, "extend", id_, **WHY)) == ["期限“期限”没有在计时，不能延长或中止。"]


@pytest.mark.parametrize(
    ("late", "kind", "at"),
    [("fire", "lapse", "2026-03-02 09:10"), ("as_late", "lapse", "2026-03-02 12:00")],
)
def test_after_an_outage_a_lapse_fires_at_its_time_or_as_late(late, kind, at):
    stage, id_ = opened(clocked(Term("S-GRACE"), late=late))
    stage.at("12:00", runner=False)
    stage.fire(stage.matters[id_], due(stage, id_))
    entry = stage.journals[id_][-1]
    assert (entry.kind, entry.late, entry.observed_at) == (kind, True, moment(at))
    assert stage.matters[id_].passages[-1].at == moment(at)


def test_a_repeating_alarm_fires_every_round_or_drops_what_it_missed():
    for late, more, expected in (("fire", {}, 6), ("drop", {"drop_after": Span(5, Unit.MINUTE)}, 0)):
        stage, id_ = opened(clocked(Term("S-GRACE"), mode="alarm", repeats=True, late=late, **more))
        stage.at("10:07", runner=False)
        stage.at("10:07")
        assert stage.figures("tests.clock").get("fired", 0) == expected
        assert due(stage, id_).due_at == moment("2026-03-02 10:10"), "the rhythm is kept"
        stage.at("10:11")
        assert stage.figures("tests.clock")["fired"] == expected + 1


def test_a_repeating_day_term_comes_every_day():
    stage, id_ = opened(clocked(Term("S-DAY"), mode="alarm", repeats=True))
    stage.at("2026-03-07 09:00")
    fired = [e.observed_at for e in stage.journals[id_] if e.kind == "alarm"]
    assert fired == [moment(f"2026-03-0{d} 00:00") for d in (4, 5, 6, 7)]


def test_midnight_comes_every_night():
    stage, _ = opened(clocked(Term("S-CLUE-NIGHT"), mode="alarm", repeats=True))
    stage.at("2026-03-05 09:00")
    assert stage.figures("tests.clock") == {"fired": 3}


@pytest.mark.parametrize(
    ("daily", "rounds"),
    [
        (
            Daily("18:00"),
            ["03-02 18:00", "03-03 18:00", "03-04 18:00", "03-05 18:00", "03-06 18:00", "03-07 18:00", "03-08 18:00"],
        ),
        (Daily("08:30", working=True), ["03-03 08:30", "03-04 08:30", "03-05 08:30", "03-06 08:30"]),
        (Daily("24:00", on=(5, 6)), ["03-07 00:00", "03-08 00:00"]),
        (Daily("09:00", on=(1,)), []),
    ],
    ids=["every evening", "the morning meeting of working days", "the end of Friday and Saturday", "strictly later"],
)
def test_times_of_day(daily, rounds):
    stage, id_ = opened(
        clocked(Term("L-PSA-DUE"), schedules=(Schedule("slot", W, daily, does="round", during=("on",)),))
    )
    stage.at("2026-03-09 08:00")
    done = [f"{e.observed_at.astimezone(CITY):%m-%d %H:%M}" for e in stage.journals[id_] if e.act == "round"]
    assert done == rounds


def test_a_schedule_stops_with_its_state_and_with_suspension():
    slot = Schedule("slot", W, Daily("18:00"), does="round", during=("on",))
    stage, id_ = opened(clocked(Term("L-PSA-DUE"), schedules=(slot,)))
    stage.at("2026-03-03 09:00").do(MA, "suspend", id_, **WHY)
    stage.at("2026-03-05 09:00").do(MA, "resume", id_, **WHY)
    stage.at("2026-03-06 09:00").do(MA, "finish", id_)
    stage.at("2026-03-09 09:00")
    assert stage.figures("tests.clock") == {"rounds": 2}


@pytest.mark.parametrize(
    ("name", "value", "end", "inclusive"),
    [
        ("until", date(2026, 3, 10), "2026-03-11 00:00", False),
        ("at", datetime(2026, 3, 10, 12, tzinfo=CITY), "2026-03-10 12:00", True),
    ],
)
def test_a_moment_that_somebody_set(name, value, end, inclusive):
    stage, id_ = opened(clocked(FromField(name)), values={name: value})
    assert (due(stage, id_).due_at, due(stage, id_).inclusive) == (moment(end), inclusive)
    stage.move(moment(end))
    assert stage.state(id_) == ("on" if inclusive else "over")
    assert stage.later(microseconds=1).state(id_) == "over"


def test_a_moment_that_nobody_set_or_that_is_over():
    stage = Stage(clocked(FromField("until")))
    assert zh(stage.refused(MA, "open", code="tests.clock")) == ["期限“期限”需要先填写“until”。"]
    past = stage.refused(MA, "open", code="tests.clock", values={"until": date(2026, 3, 1)})
    assert zh(past) == ["“期限”的截止时间已经过去，请填写以后的时间。"]


def test_past_the_official_calendar_a_term_is_provisional():
    stage, id_ = opened(clocked(Term("L-TRAF-REV")), "2026-12-29 09:00")
    assert due(stage, id_).provisional
    assert due(stage, id_).calendar == CALENDAR.version


def test_a_city_may_promise_otherwise():
    law = BOOK.with_settings({"S-GRACE": "15 min"})
    stage = Stage(clocked(Term("S-GRACE")), law=law)
    id_ = stage.open(MA, "open", "tests.clock").id
    assert due(stage, id_).due_at == moment("2026-03-02 09:15")


# -- the arithmetic a second time -------------------------------------------------------------------------------------


def naive(at: datetime) -> datetime:
    return at.astimezone(CITY).replace(tzinfo=None)


def left_of(span: str, start: datetime, at: datetime) -> str:
    """What remains of a term, counted one day or second at a time; months and years become days."""
    number, unit = span.split()
    if unit in {"s", "min", "h"}:
        seconds = int(number) * {"s": 1, "min": 60, "h": 3600}[unit]
        gone = (at - start) // timedelta(seconds=1)
        return f"{max(0, seconds - gone)} s"
    first, today = naive(start).date(), naive(at).date()
    days = (today - first).days
    if unit == "wd":
        gone = sum(worked(first + timedelta(days=n)) for n in range(1, days + 1))
        return f"{max(0, int(number) - gone)} wd"
    last = ends(span, start, stays=True)[0].date() - timedelta(days=1)
    return f"{max(0, (last - today).days)} d"


def agrees(rng: random.Random, procedures: dict[str, Procedure]) -> None:
    """One random term on one random day: armed, suspended and resumed as the second implementation says."""
    code = rng.choice(list(procedures))
    procedure = procedures[code]
    start = datetime(2023, 1, 1, tzinfo=CITY) + timedelta(seconds=rng.randrange(3 * 365 * 86400))
    start = start.replace(microsecond=0)
    try:
        rule = BOOK.term(code, start)
    except LookupError:
        return
    facts = Facts(now=start, actor=MA, law=BOOK, calendar=CALENDAR)
    deadline = procedure.deadline("due")
    armed = clocks.arm(deadline, "due", 1, start, facts)
    assert isinstance(armed, Armed)
    assert (naive(armed.due_at), armed.inclusive) == ends(str(rule.span), start, stays=rule.stays), (code, start)
    at = start + timedelta(seconds=rng.randrange(1 + int((armed.due_at - start).total_seconds())))
    matter = Matter(id="m", procedure=procedure.code, version=1, state="on", deadlines={"due": armed})
    (stop,) = clocks.suspend(matter, ("due",), at, facts)
    assert str(stop.remaining) == left_of(str(rule.span), start, at), (code, start, at)
    paused = Matter(
        id="m", procedure=procedure.code, version=1, state="on",
        deadlines={"due": armed.turned("suspended", stop.remaining, 2)},
    )  # fmt: skip
    later = at + timedelta(seconds=rng.randrange(60 * 86400))
    (again,) = clocks.resume(paused, procedure.tables.deadlines, ("due",), later, facts)
    assert (naive(again.due_at), again.inclusive) == ends(str(stop.remaining), later, stays=rule.stays), (
        code,
        at,
        later,
    )


TERMS = tuple(c for c in BOOK.codes() if BOOK.versions(c)[-1].span.unit is not Unit.YEAR)


@pytest.fixture(scope="module")
def procedures() -> dict[str, Procedure]:
    return {code: clocked(Term(code)) for code in TERMS}


def test_random_terms_agree_with_a_second_implementation(procedures):
    rng = random.Random(1)
    for _ in range(3_000):
        agrees(rng, procedures)


@pytest.mark.long
def test_a_million_random_dates_agree_with_a_second_implementation(procedures):
    rng = random.Random(2)
    for _ in range(1_000_000):
        agrees(rng, procedures)
