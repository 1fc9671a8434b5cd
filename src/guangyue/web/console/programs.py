"""How the installation's programs stand (运行状态), for its administrators; figures of matters stand elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from guangyue.city.errors import NotVisibleError
from guangyue.kernel.grammar import T
from guangyue.law import CITY, Text
from guangyue.law.competence.actors import Role
from guangyue.serve.state import read_state
from guangyue.web.console.door import frame, staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from guangyue.city.viewer import Viewer
    from guangyue.serve.state import Standing

__all__ = ["READERS", "Line", "page"]

READERS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
PHASES: dict[str, Text] = {
    "waiting": T("等待所依赖的程序", "waiting for what it needs"),
    "starting": T("正在启动", "starting"),
    "ready": T("运行中", "running"),
    "ending": T("正在结束", "ending"),
    "paused": T("自行退出，稍后重启", "ended by itself, starts again"),
    "over": T("已结束", "ended"),
}
DONE = T("已完成", "done")


@dataclass(frozen=True, slots=True)
class Line:
    """One program as a row."""

    key: str
    title: Text
    phase: Text
    since: datetime
    starts: int
    failures: int
    last_end: str
    fine: bool


@require_safe
@staff_page
def page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A row for each program; the status is 503 when not all is well, so that the page serves a probe as well."""
    if not viewer.holds(*READERS):
        raise NotVisibleError
    state, now = read_state(), datetime.now(UTC)
    silent = state is not None and state.silent(now)
    lines = [_line(p) for p in state.programs] if state is not None else []
    context = frame(viewer, "programs") | {
        "state": state, "silent": silent, "lines": lines, "at": state.at.astimezone(CITY) if state else None,
    }  # fmt: skip
    fine = state is None or (state.up and not silent)
    return render(request, "console/programs.html", context, status=200 if fine else 503)


def _line(p: Standing) -> Line:
    zh, _, en = p.title.partition(" · ")
    done = p.phase == "over" and not p.last_end
    return Line(
        p.key, T(zh, en or zh), DONE if done else PHASES.get(p.phase, T(p.phase, p.phase)),
        p.since.astimezone(CITY), p.starts, p.failures, p.last_end, done or p.phase == "ready",
    )  # fmt: skip
