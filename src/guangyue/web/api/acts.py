"""Acts: opening a matter, and everything done to one afterwards."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Header, Path, Status
from pydantic import StringConstraints

from guangyue.kernel import Refusal
from guangyue.law import BOOK
from guangyue.records.commands import Done as Carried
from guangyue.records.database import city_now, db
from guangyue.records.library import LIBRARY
from guangyue.records.matters import matter_for
from guangyue.web import doing
from guangyue.web.api.answers import ClockOut, Done, Said
from guangyue.web.api.bodies import Act
from guangyue.web.api.callers import caller, may
from guangyue.web.api.problems import Problem, of_reasons
from guangyue.web.api.site import api
from guangyue.web.present.clocks import clocks
from guangyue.web.templatetags.guangyue import say

__all__ = ["Key", "MatterId", "answered"]

MatterId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}(\.[a-z_]{1,40}\.[0-9]{1,6}){0,3}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]{0,59}$")]
Key = Annotated[str, StringConstraints(min_length=1, max_length=255)]


@api.post("/matters", response={201: Done, 200: Done}, summary="Open a matter", operation_id="open_matter")
def open_matter(
    request: HttpRequest, response: HttpResponse, body: Act, idempotency_key: Header[Key | None] = None
) -> Status[Done]:
    """Opens a matter by one of the procedures' opening acts. 201 when opened, 200 when the same key had opened it."""
    viewer = caller(request)
    code = body.procedure or ""
    may(viewer, "write", code)
    if (code, 0) not in LIBRARY or not body.action or body.action not in LIBRARY[code, 0].tables.actions:
        raise Problem("no_procedure")
    asked = body.asked(act=body.action, key=_key(idempotency_key), procedure=code)
    return _do(request, response, asked, 201)


@api.post(
    "/matters/{matter}/actions/{code}", response={200: Done}, summary="Act on a matter", operation_id="act_on_matter"
)
def act_on_matter(
    request: HttpRequest,
    response: HttpResponse,
    matter: Path[MatterId],
    code: Path[Code],
    body: Act,
    idempotency_key: Header[Key | None] = None,
) -> Status[Done]:
    """Does an act on a matter that the caller may see."""
    viewer = caller(request)
    found = matter_for(viewer, matter)
    may(viewer, "write", found.procedure)
    if body.procedure not in {None, found.procedure.code} or body.action not in {None, code}:
        raise Problem("malformed", detail="The body names another procedure or action than the address.")
    if code not in found.procedure.tables.actions and not code.startswith("task."):
        raise Problem("no_procedure")
    return _do(request, response, body.asked(act=code, key=_key(idempotency_key), matter=matter), 200)


def _key(given: str | None) -> str:
    if not given:
        raise Problem("key_missing")
    return given


def _do(request: HttpRequest, response: HttpResponse, asked: doing.Asked, status: int) -> Status[Done]:
    answer = doing.do(caller(request), asked)
    if isinstance(answer, Refusal):
        raise of_reasons(answer.reasons)
    if answer.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return Status(200 if answer.replayed else status, answered(answer))


def answered(done: Carried) -> Done:
    """The answer to an act."""
    from guangyue.law import CALENDAR

    procedure, matter = doing.standing(done)
    now = city_now(db())
    running = {a.key: a for a in matter.deadlines.values()}
    state = Said(code=matter.state, title=str(say(procedure.state(matter.state).title)))
    return Done(
        id=done.matter, number=doing.number_of(done), state=state, seq=done.seq,
        deadlines=[
            ClockOut(
                key=c.key, title=str(say(c.title)), due_at=c.due_at, inclusive=running[c.key].inclusive,
                started_at=c.started_at, status=running[c.key].status, law=str(say(c.law)), provisional=c.provisional,
            )
            for c in clocks(procedure, matter, now, BOOK, CALENDAR)
        ],
        outcome=state if matter.closed else None, papers=dict(done.numbers), replayed=done.replayed,
    )  # fmt: skip
