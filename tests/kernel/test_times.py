"""Two times per command: what happened in the street inside a term counts, whenever we come to hear of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.kernel.skeletons.parking import PARKING
from tests.kernel.stage import CARRIER, Stage, moment, officer, photo, zh

from guangyue.kernel import Actor, Command, Decision, Piece, Procedure, decide, lapse
from guangyue.kernel.grammar import Action, Count, Deadline, Outcome, Role, State, T, Term

LI = officer("li", "urban_officer", agency="urban")
WANG = officer("wang", "traffic_officer", agency="traffic_police")
ZHAO = officer("zhao", "traffic_reviewer", agency="traffic_police")
ANSWERS = {"plate": "鲁P12345", "street": "柳园路12号"}


def reminded(stage: Stage, accepted: str = "10:00") -> str:
    """Recorded a minute before the accepted reminder; the grace runs for ten minutes from it."""
    before = moment(stage.full(accepted)) - timedelta(minutes=1)
    stage.move(before)
    id_ = stage.open(LI, "record", "streets.parking", values=ANSWERS, evidence=(photo("first", stage.now),)).id
    stage.at(accepted).do(CARRIER, "reminder_accepted", id_)
    return id_


@pytest.mark.parametrize(
    ("seen", "told", "outcome", "kinds"),
    [
        ("10:09", "10:09", "left", ["act"]),
        ("10:10", "10:10", "left", ["act"]),
        ("10:11", "10:11", "dropped", ["lapse", "act"]),
        ("10:09", "12:00", "left", ["lapse", "reinstated", "act"]),
        ("10:10", "12:00", "left", ["lapse", "reinstated", "act"]),
        ("10:10:01", "12:00", "dropped", ["lapse", "act"]),
        ("11:59", "12:00", "dropped", ["lapse", "act"]),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)  # fmt: skip
@pytest.mark.parametrize("runner", [True, False], ids=["the runner was first", "the runner was down"])
def test_seen_and_told(seen, told, outcome, kinds, runner):
    """The outcome depends on what was seen, never on whether the runner or the officer came first."""
    stage = Stage(PARKING)
    id_ = reminded(stage)
    stage.at(told, runner=runner)
    matter = stage.do(LI, "gone", id_, seen=seen)
    assert matter.state == outcome
    assert matter.passages[-1].at == moment(stage.full(seen))
    expected = [k for k in kinds if runner or outcome == "dropped" or k == "act"]
    assert [e.kind for e in stage.journals[id_][2:]] == expected


def test_a_reinstatement_takes_the_figure_back_and_revives_nothing_else():
    stage = Stage(PARKING)
    id_ = reminded(stage)
    stage.at("12:00")
    assert stage.figures("streets.parking") == {"reminders": 1, "overstayed": 1}
    stage.do(LI, "gone", id_, seen="10:05")
    assert stage.figures("streets.parking") == {"reminders": 1, "overstayed": 0}
    assert [p.state for p in stage.matters[id_].passages] == ["noticed", "reminded", "left"]
    assert not [a for a in stage.matters[id_].deadlines.values() if a.status == "pending"]


def test_what_a_person_did_since_is_not_undone():
    stage = Stage(PARKING)
    id_ = reminded(stage)
    stage.at("10:15").do(WANG, "still_there", id_, evidence=(photo("second", stage.now, 2),))
    refusal = stage.at("12:00").refused(LI, "gone", id_, seen="10:05")
    assert refusal.codes == {"state.wrong", "time.contradicted"}
    assert "此后已有他人办理“仍未驶离”，这条迟到的记录不能改变结果；记录已留存，请联系承办人。" in zh(refusal)


def test_what_was_seen_before_its_state_began_is_refused():
    stage = Stage(PARKING)
    id_ = reminded(stage)
    early = stage.at("10:02").refused(LI, "gone", id_, seen="09:59:30")
    assert zh(early) == ["记录的时间（2026年3月2日09:59:30）事项还在“已拍照”，那时不能“已驶离”。"]
    assert stage.refused(LI, "gone", id_, seen="09:00").codes == {"time.before_opening"}


@pytest.mark.parametrize(
    ("ahead", "believed"),
    [(59, True), (60, True), (61, False)],
    ids=["within a minute the phone's lead is taken away", "a minute sharp", "beyond it the phone is not believed"],
)
def test_a_phone_that_runs_ahead(ahead, believed):
    stage = Stage(PARKING)
    id_ = reminded(stage)
    stage.at("10:05")
    command = Command(act="gone", received_at=stage.now, observed_at=stage.now + timedelta(seconds=ahead))
    answer = decide(PARKING, stage.matters[id_], command, stage.facts(LI))
    assert isinstance(answer, Decision) is believed
    if isinstance(answer, Decision):
        assert answer.entries[-1].observed_at == stage.now
    else:
        assert [r.code for r in answer.reasons] == ["time.future"]


def test_nothing_is_believed_from_before_the_sign_in():
    stage = Stage(PARKING)
    id_ = reminded(stage)
    stage.at("10:08")
    late = officer("li2", "urban_officer", agency="urban", signed_in_at=moment("2026-03-02 10:05"))
    assert stage.refused(late, "gone", id_, seen="10:03:59").codes == {"time.before_sign_in"}
    assert stage.do(late, "gone", id_, seen="10:04:00").state == "left", "the minute that clocks may differ"


@pytest.mark.parametrize(("apart", "ok"), [(0, True), (120, True), (121, False)])
def test_the_photographs_bound_the_stated_time(apart, ok):
    stage = Stage(PARKING)
    id_ = reminded(stage)
    stage.at("10:40")
    taken = moment("2026-03-02 10:20") - timedelta(seconds=apart)
    answer = stage.ask(WANG, "still_there", id_, seen="10:20", evidence=(photo("second", taken, 2),))
    assert isinstance(answer, Decision) is ok
    if not isinstance(answer, Decision):
        assert answer.codes == {"time.apart_from_evidence"}


def test_a_photograph_of_tomorrow_proves_nothing_and_one_photograph_is_one():
    stage = Stage(PARKING)
    future = photo("first", stage.now + timedelta(hours=1))
    assert (
        "evidence.future"
        in stage.refused(LI, "record", code="streets.parking", values=ANSWERS, evidence=(future,)).codes
    )


def test_what_nothing_can_undo_waits_for_the_phones():
    stage = Stage(PARKING)
    id_ = reminded(stage)
    stage.at("10:15").do(WANG, "still_there", id_, evidence=(photo("second", stage.now, 2),))
    stage.waiting = ("phone-7",)
    assert zh(stage.at("10:44").refused(ZHAO, "approve", id_)) == [
        "现场设备还有未同步的记录，请等其同步，或 30 分钟后再办。"
    ]
    assert stage.at("10:45").do(ZHAO, "approve", id_).state == "decided"


def test_naive_times_have_no_place():
    with pytest.raises(ValueError, match="zone"):
        Command(act="gone", received_at=moment("2026-03-02 10:00").replace(tzinfo=None))
    with pytest.raises(ValueError, match="zone"):
        Piece(set="first", sha256="0", taken_at=moment("2026-03-02 10:00").replace(tzinfo=None))


OFFICER = Role("station_officer")
CHAIN = Procedure(
    code="tests.chain", version=1, title=T("连环", "Chain"), subject="thing",
    states=(
        State("a", T("甲", "A")), State("b", T("乙", "B")), State("c", T("丙", "C")),
        Outcome("done", T("完成", "Done")), Outcome("late", T("过期", "Late")),
    ),
    deadlines=(
        Deadline("first", T("第一", "First"), Term("S-GRACE"), ("a",), lapses_to="b"),
        Deadline("second", T("第二", "Second"), Term("S-GRACE"), ("b",), lapses_to="c"),
        Deadline("whole", T("总", "Whole"), Term("S-GOLD-24"), ("a", "b"), mode="alarm", tells=(OFFICER,)),
        Deadline("last", T("末", "Last"), Term("S-GRACE"), ("c",), lapses_to="late"),
    ),
    actions=(
        Action("open", T("开", "Open"), (OFFICER,), opens="a"),
        Action("finish", T("完成", "Finish"), (OFFICER,), moves={"a": "done", "b": "done"}),
        Action("note", T("记", "Note"), (OFFICER,), repeat=True),
    ),
    figures=(Count("late", T("过期", "Late"), of="enters:late"), Count("b", T("乙", "B"), of="enters:b")),
)  # fmt: skip
MA = officer("ma", "station_officer")


@pytest.mark.parametrize(
    ("seen", "back_to", "undone"),
    [("09:10", "a", 3), ("09:15", "b", 2), ("09:20", "b", 2)],
    ids=["all three lapses", "two of three", "the second's last instant"],
)
def test_chained_lapses_are_undone_as_far_as_the_observation_reaches(seen, back_to, undone):
    stage = Stage(CHAIN)
    id_ = stage.open(MA, "open", "tests.chain").id
    stage.at("12:00")
    assert stage.state(id_) == "late"
    assert stage.matters[id_].closed
    matter = stage.do(MA, "finish", id_, seen=seen)
    back = next(e for e in stage.journals[id_] if e.kind == "reinstated")
    assert (back.before, back.after) == ("late", back_to)
    assert sum(s.status == "pending" for s in back.stops) >= undone
    assert matter.state == "done"
    assert stage.figures("tests.chain").get("late") == 0


def test_the_clock_that_was_cancelled_by_a_lapse_runs_again_when_the_lapse_is_undone():
    stage = Stage(CHAIN)
    id_ = stage.open(MA, "open", "tests.chain").id
    stage.at("09:25")
    assert stage.matters[id_].deadlines["whole"].status == "cancelled"
    stage.do(MA, "finish", id_, seen="09:20")
    whole = [s.status for e in stage.journals[id_] for s in e.stops if s.key == "whole"]
    assert whole == ["cancelled", "pending", "cancelled"]


def test_a_note_made_meanwhile_stands_in_nobodys_way():
    stage = Stage(CHAIN)
    id_ = stage.open(MA, "open", "tests.chain").id
    stage.at("09:12").do(MA, "note", id_)
    assert stage.at("09:13").do(MA, "finish", id_, seen="09:08").state == "done"
    assert stage.matters[id_].times("note") == 1


def test_no_promise_reaches_beyond_its_end():
    stage = Stage(CHAIN)
    id_ = stage.open(MA, "open", "tests.chain").id
    refusal = stage.at("12:00").refused(MA, "finish", id_, seen="09:20:01")
    assert refusal.codes == {"state.closed"}


def test_whoever_comes_first_the_matter_is_the_same():
    """Runner first, or officer first: the same state, the same clocks, the same figures."""
    ends = []
    for runner in (True, False):
        stage = Stage(CHAIN)
        id_ = stage.open(MA, "open", "tests.chain").id
        stage.at("09:15", runner=runner).do(MA, "note", id_)
        matter = stage.matters[id_]
        ends.append(
            (matter.state, {k: (a.status, a.due_at) for k, a in matter.deadlines.items()}, stage.figures("tests.chain"))
        )
    assert ends[0] == ends[1]


def test_a_clock_fires_once():
    stage = Stage(CHAIN)
    id_ = stage.open(MA, "open", "tests.chain").id
    before = stage.matters[id_]
    armed = before.deadlines["first"]
    early = lapse(CHAIN, before, "first", 1, stage.facts(Actor(id="runner")))
    assert zh(early) == ["期限“第一”尚未届满。"]
    stage.at("09:11")
    again = lapse(CHAIN, stage.matters[id_], "first", armed.occurrence, stage.facts(Actor(id="runner")))
    assert zh(again) == ["期限“第一”没有在计时。"]
