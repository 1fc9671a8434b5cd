"""Faults of a declaration: each is found when it is declared, under its code, with the line that caused it.

Every case is one faulty line, marked by a comment. The last test shows that no code in `kernel/checks` is without a case.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import guangyue.kernel.checks
from guangyue.kernel import DeclarationError, Procedure
from guangyue.kernel.grammar import (
    CLOCK,
    Action,
    Ask,
    Child,
    ChildrenClosed,
    Competent,
    Count,
    Deadline,
    Done,
    Expired,
    Extend,
    Field,
    FieldIs,
    FromField,
    Holds,
    Issued,
    Kind,
    Notice,
    Outcome,
    Paper,
    Party,
    PhotoSet,
    Priors,
    Relation,
    Reopen,
    Role,
    Schedule,
    State,
    Suspend,
    System,
    T,
    Task,
    TaskDone,
    Term,
    Withdraw,
    WithinBand,
)

W = T("字", "word")
CLERK = Role("clerk")
REASON = T("须先完成", "first this")


def declare(*extra, code="tests.case", states=(), drop=(), **more) -> Procedure:
    """A sound procedure (open → done) with what a case adds or leaves out."""
    base = {
        "open": Action("open", W, (CLERK,), opens="new"),
        "finish": Action("finish", W, (CLERK,), moves={"new": "done"}),
    }
    actions = tuple(a for name, a in base.items() if name not in drop) + extra
    everywhere = (State("new", W), Outcome("done", W), *states)
    return Procedure(
        code=code, version=more.pop("version", 1), title=W, subject="thing", states=everywhere, actions=actions, **more
    )


CASES: dict[str, list[Callable[[], Procedure]]] = {}


def case(code: str):
    def keep(make: Callable[[], Procedure]) -> Callable[[], Procedure]:
        CASES.setdefault(code, []).append(make)
        return make

    return keep


@case("name.bad")
def _():
    return declare(Action("Gone!", W, (CLERK,), repeat=True))  # fault


@case("name.twice")
def _():
    return declare(Action("finish", W, (CLERK,), repeat=True))  # fault


@case("text.missing")
def _():
    return declare(Action("note", T("记录", " "), (CLERK,), repeat=True))  # fault


@case("text.missing")
def _():
    return declare(Action("note", T("note", "note"), (CLERK,), repeat=True))  # fault


@case("notice.unseen")
def _():
    secret = Field("secret", Kind.TEXT, W, visible=(CLERK,))
    told = Notice("told", Party("owner"), T("密{secret}", "{secret}"))  # fault
    return declare(Action("tell", W, (CLERK,), repeat=True, notices=(told,)), fields=(secret,))


@case("unknown.answer")
def _():
    told = Notice("told", Party("owner"), T("{nowhere}字", "{nowhere}"))  # fault
    return declare(Action("tell", W, (CLERK,), repeat=True, notices=(told,)))


@case("unknown.answer")
def _():
    return declare(Action("tell", W, (CLERK,), repeat=True, documents=(Paper("p", W, needs=("nowhere",)),)))  # fault


@case("unknown.answer")
def _():
    return declare(
        Action("ask", W, (CLERK,), repeat=True, requires=(Holds(FieldIs("nowhere", (1,)), REASON),))
    )  # fault


@case("unknown.state")
def _():
    return declare(Action("go", W, (CLERK,), moves={"new": "nowhere"}))  # fault


@case("unknown.act")
def _():
    return declare(Action("go", W, (CLERK,), repeat=True, requires=(Done("nothing"),)))  # fault


@case("unknown.deadline")
def _():
    return declare(Action("go", W, (CLERK,), repeat=True, requires=(Expired("nothing"),)))  # fault


@case("unknown.field")
def _():
    return declare(Action("go", W, (CLERK,), repeat=True, form=(Ask("nothing"),)))  # fault


@case("unknown.task")
def _():
    return declare(Action("go", W, (CLERK,), repeat=True, requires=(TaskDone("nothing"),)))  # fault


@case("unknown.child")
def _():
    return declare(Action("go", W, (CLERK,), repeat=True, requires=(ChildrenClosed("nothing"),)))  # fault


@case("unknown.relation")
def _():
    return declare(Action("go", W, (CLERK,), repeat=True, relates="nothing"))  # fault


@case("unknown.paper")
def _():
    return declare(Action("go", W, (CLERK,), repeat=True, requires=(Issued("nothing"),)))  # fault


@case("unknown.evidence")
def _():
    return declare(
        Action("go", W, (CLERK,), repeat=True, evidence=(PhotoSet("p", W, together_with=("nothing",)),))
    )  # fault


@case("unknown.power")
def _():
    return declare(Action("go", W, (CLERK,), repeat=True, requires=(Competent("fly"),)))  # fault


@case("unknown.circumstance")
def _():
    given = {"raining": FieldIs("reason", ("x",))}
    return declare(
        Action("go", W, (CLERK,), repeat=True, requires=(Competent("accept_application", given=given),))
    )  # fault


@case("unknown.step")
def _():
    fine, offence = Field("fine", Kind.MONEY, W), Field("offence", Kind.CODE, W)
    band = WithinBand("fine", "offence", steps={"finish": "shout"})  # fault
    return declare(Action("go", W, (CLERK,), repeat=True, requires=(band,)), fields=(fine, offence))


@case("unknown.outcome")
def _():
    priors = Priors(outcomes=("new",), first=W, again=W)  # fault
    return declare(Action("go", W, (CLERK,), repeat=True, consults=priors))


@case("unknown.term")
def _():
    priors = Priors(outcomes=("done",), first=W, again=W, look_back="S-NEVER")  # fault
    return declare(Action("go", W, (CLERK,), repeat=True, consults=priors))


@case("unknown.choice")
def _():
    colour = Field("colour", Kind.CHOICE, W, choices=(("red", W),))
    asks = Ask("colour", among=("blue",))  # fault
    return declare(Action("go", W, (CLERK,), repeat=True, form=(asks,)), fields=(colour,))


@case("unknown.event")
def _():
    return declare(figures=(Count("n", W, of="nothing"),))  # fault


@case("unknown.role")
def _():
    return declare(Action("go", W, (Role("wizard"),), repeat=True))  # fault


@case("unknown.agency")
def _():
    return declare(Action("go", W, (Role("clerk", agency="moon"),), repeat=True))  # fault


@case("action.way")
def _():
    return declare(Action("go", W, (CLERK,)))  # fault


@case("action.way")
def _():
    return declare(Action("go", W, (CLERK,), moves={"new": "done"}, during=("new",)))  # fault


@case("action.nobody")
def _():
    return declare(Action("go", W, (), repeat=True))  # fault


@case("action.nobody")
def _():
    return declare(Action("go", W, (CLERK,), repeat=True, requires=(Competent("detain"),)))  # fault


@case("action.outcome")
def _():
    return declare(Action("back", W, (CLERK,), moves={"done": "new"}))  # fault


@case("action.verb")
def _():
    return declare(Action("back", W, (CLERK,), repeat=True, verb=Reopen()))  # fault


@case("action.verb")
def _():
    return declare(
        Action("stop", W, (CLERK,), moves={"new": "more"}, verb=Withdraw()),
        Action("on", W, (CLERK,), moves={"more": "done"}),
        states=(State("more", W),),
    )  # fault


@case("action.suspended")
def _():
    on = Action("on", W, (CLERK,), moves={"more": "done"})
    hold = Action("hold", W, (CLERK,), repeat=True, verb=Suspend())
    return declare(
        Action("go", W, (CLERK,), moves={"new": "more"}, while_suspended=True), on, hold, states=(State("more", W),)
    )  # fault


@case("action.no_opening")
def _():
    return Procedure(
        code="tests.case",
        version=1,
        title=W,
        subject="x",
        states=(Outcome("done", W),),
        actions=(Action("a", W, (CLERK,), repeat=True),),
    )  # fault


@case("action.not_for_clock")
def _():
    act = Action("tick", W, (CLERK,), repeat=True)
    return declare(act, schedules=(Schedule("round", W, Term("S-GOLD-24"), does="tick", during=("new",)),))  # fault


@case("action.not_for_clock")
def _():
    act = Action("tick", W, (CLOCK,), repeat=True, requires=(Done("finish"),))  # fault
    return declare(act, schedules=(Schedule("round", W, Term("S-GOLD-24"), does="tick", during=("new",)),))


@case("action.not_for_kernel")
def _():
    opens = Action("hand", W, (CLERK,), repeat=True, tasks=("job",))
    return declare(opens, tasks=(Task("job", W, owner=CLERK, then="finish"),))  # fault


@case("deadline.cannot")
def _():
    act = Action("tick", W, (CLOCK,), repeat=True, during=("more",))
    on = (Action("go", W, (CLERK,), moves={"new": "more"}), Action("on", W, (CLERK,), moves={"more": "done"}))
    return declare(
        act,
        *on,
        states=(State("more", W),),
        schedules=(Schedule("round", W, Term("S-GOLD-24"), does="tick", during=("new",)),),
    )  # fault


@case("unused")
def _():
    return declare(tasks=(Task("job", W, owner=CLERK),))  # fault


@case("unused")
def _():
    return declare(relations=(Relation("kin", W, to=("tests.case",)),))  # fault


@case("unused")
def _():
    return declare(children=(Child("parts", W, procedure="tests.part", opening="open"),))  # fault


@case("paper.never_signed")
def _():
    return declare(Action("draw", W, (CLERK,), repeat=True, documents=(Paper("p", W, signed_by=CLERK),)))  # fault


SLIP = {
    "number": "@number",
    "plate": "plate",
    "time": "@moment",
    "place": "plate",
    "basis": "@law",
    "agency": "@agency",
}
PLATE = Field("plate", Kind.PLATE, W)


def handing(paper: Paper) -> Procedure:
    return declare(Action("hand", W, (CLERK,), repeat=True, documents=(paper,)), fields=(PLATE,))


def slip(**more) -> dict:
    return {"numbered": "slip", "statutory": False, "basis": "F-reminder", **more}


FULL = {**SLIP, "how_to_be_heard": "@printed"}


@case("paper.incomplete")
def _():
    return handing(Paper("slip", W, **slip(fills=SLIP)))  # fault


@case("paper.forbidden")
def _():
    return handing(Paper("slip", W, **slip(fills={**FULL, "amount": "plate"})))  # fault


@case("paper.effect")
def _():
    return handing(Paper("slip", W, **slip(fills=FULL, statutory=True)))  # fault


@case("paper.no_law")
def _():
    return handing(Paper("slip", W, **slip(fills=FULL, basis="F-nothing")))  # fault


@case("paper.field")
def _():
    return handing(Paper("slip", W, **slip(fills={**FULL, "number": "@stars"})))  # fault


@case("paper.field")
def _():
    return handing(Paper("slip", W, **slip(fills={**FULL, "mood": "plate"})))  # fault


@case("paper.field")
def _():
    return handing(Paper("slip", W, **slip(fills=FULL, numbered="")))  # fault


@case("paper.field")
def _():
    return handing(Paper("slip", W, **slip(fills={**FULL, "officer_signature": "@signature"})))  # fault


def test_a_paper_that_carries_all_the_law_demands_is_sound():
    assert handing(Paper("slip", W, **slip(fills=FULL))).paper("slip").basis == "F-reminder"


@case("paper.signer")
def _():
    draw = Action("draw", W, (CLERK,), repeat=True, documents=(Paper("p", W),))  # fault
    return declare(draw, Action("sign", W, (CLERK,), repeat=True, signs="p"))


@case("paper.signer")
def _():
    draw = Action("draw", W, (CLERK,), repeat=True, documents=(Paper("p", W, signed_by=Role("agency_head")),))
    return declare(draw, Action("sign", W, (CLERK,), repeat=True, signs="p"))  # fault


@case("state.unreachable")
def _():
    return declare(Action("on", W, (CLERK,), moves={"lost": "done"}), states=(State("lost", W),))  # fault


@case("state.dead_end")
def _():
    return declare(Action("go", W, (CLERK,), moves={"new": "stuck"}), states=(State("stuck", W),))  # fault


@case("state.one_fact")
def _():
    wait = Action("sent", W, (System("carrier"),), moves={"wait": "done"})
    return declare(Action("go", W, (CLERK,), moves={"new": "wait"}), wait, states=(State("wait", W),))  # fault


@case("deadline.no_law")
def _():
    return declare(deadlines=(Deadline("d", W, Term("L-NONE"), during=("new",), lapses_to="done"),))  # fault


@case("deadline.no_law")
def _():
    day = Field("until", Kind.DATE, W)
    more = Action("more", W, (CLERK,), repeat=True, verb=Extend("d"))  # fault
    clock = Deadline("d", W, FromField("until"), during=("new",), lapses_to="done")
    return declare(more, deadlines=(clock,), fields=(day,))


@case("deadline.no_time")
def _():
    text = Field("until", Kind.TEXT, W)
    return declare(
        fields=(text,), deadlines=(Deadline("d", W, FromField("until"), during=("new",), lapses_to="done"),)
    )  # fault


@case("deadline.no_consequence")
def _():
    return declare(deadlines=(Deadline("d", W, Term("S-GRACE"), during=("new",)),))  # fault


@case("deadline.no_consequence")
def _():
    return declare(deadlines=(Deadline("d", W, Term("S-GRACE"), during=("new",), mode="alarm"),))  # fault


@case("deadline.never")
def _():
    return declare(deadlines=(Deadline("d", W, Term("S-GRACE"), during=(), lapses_to="done"),))  # fault


@case("deadline.late")
def _():
    return declare(
        deadlines=(Deadline("d", W, Term("S-GRACE"), during=("new",), mode="alarm", tells=(CLERK,), late="drop"),)
    )  # fault


@case("deadline.outcome")
def _():
    return declare(deadlines=(Deadline("d", W, Term("S-GRACE"), during=("done",), lapses_to="new"),))  # fault


def marked_lines(make: Callable[[], Procedure]) -> set[int]:
    """The lines of the statement that bears the mark."""
    lines, first = inspect.getsourcelines(make)
    marks = {i for i, line in enumerate(lines, start=1) if "# fault" in line}
    (function,) = ast.parse("".join(lines)).body
    return {
        first + n - 1
        for statement in function.body
        if marks & set(range(statement.lineno, statement.end_lineno + 1))
        for n in range(statement.lineno, statement.end_lineno + 1)
    }


ALL = [(code, make) for code, makes in CASES.items() for make in makes]


@pytest.mark.parametrize(("code", "make"), ALL, ids=[f"{code}-{i}" for i, (code, _) in enumerate(ALL)])
def test_the_fault_is_found_with_the_line_that_caused_it(code, make):
    marked = marked_lines(make)
    with pytest.raises(DeclarationError) as raised:
        make()
    found = [f for f in raised.value.faults if f.code == code]
    assert found, raised.value
    places = {f.at.rpartition(":")[0].rpartition("/")[2] + ":" + f.at.rpartition(":")[2] for f in found}
    assert places & {f"test_checks.py:{n}" for n in marked}, (places, marked)
    assert code in str(raised.value)


def test_all_faults_are_told_at_once():
    with pytest.raises(DeclarationError) as raised:
        declare(Action("go", W, ()), Action("back", W, (CLERK,), moves={"done": "new"}))
    assert {"action.way", "action.nobody", "action.outcome"} <= {f.code for f in raised.value.faults}


def test_a_sound_procedure_has_none():
    assert declare().digest


def test_no_code_is_without_a_case():
    folder = Path(guangyue.kernel.checks.__file__).parent
    said = set()
    for path in folder.glob("*.py"):
        said |= set(
            re.findall(
                r"""["'](?:[a-z]+\.[a-z_]+|unused)["']""",
                " ".join(re.findall(r"Fault\(\s*[^,]+,", path.read_text("utf-8"))),
            )
        )
    codes = {s.strip("\"'") for s in said}
    assert len(codes) > 20
    assert codes - CASES.keys() == set()
