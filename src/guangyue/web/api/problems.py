"""Refusals and faults as problem documents (RFC 9457), the reasons in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from guangyue.kernel import Reason
from guangyue.kernel.grammar import T
from guangyue.law import Text
from guangyue.web.templatetags.guangyue import reader, say

__all__ = ["TITLES", "TYPE", "Problem", "of_reasons", "respond"]

TYPE = "application/problem+json"

TITLES: dict[str, tuple[int, Text]] = {
    "refused": (422, T("未能办理", "This was not possible")),
    "moved_on": (409, T("事项已有变化，未能办理", "The matter has moved on; this was not possible")),
    "not_yours": (403, T("您不能办理这一步", "This step is not yours to do")),
    "not_found": (404, T("没有这件事项，或者您无权查看", "There is no such matter, or you may not see it")),
    "no_procedure": (404, T("没有这个规程或步骤", "There is no such procedure or step")),
    "sign_in": (401, T("请先登录", "Please sign in")),
    "second_factor": (403, T("请先完成第二重验证", "A second factor is needed first")),
    "csrf": (403, T("请求缺少防伪令牌", "The CSRF token is missing")),
    "scope": (403, T("令牌没有这项权限", "The token has no scope for this")),
    "key_missing": (400, T("缺少 Idempotency-Key", "The Idempotency-Key is missing")),
    "key_reused": (422, T("同一 Idempotency-Key 用于了另一请求", "The Idempotency-Key was used for another request")),
    "malformed": (400, T("请求格式有误", "The request is malformed")),
    "too_large": (413, T("请求过大", "The request is too large")),
    "too_many": (429, T("请求过于频繁，请稍后再试", "Too many requests; try again shortly")),
    "fault": (500, T("系统故障，记录未受影响", "A fault of ours; no record was changed")),
}
MOVED_ON = ("state.", "act.already_open", "time.contradicted")


class Problem(Exception):  # noqa: N818 - the standard's word
    """An answer that is no: its kind and what belongs to it."""

    def __init__(
        self, kind: str, *, reasons: Iterable[Mapping[str, Any]] = (), detail: str = "", wait: float = 0.0
    ) -> None:
        self.kind = kind
        self.wait = wait
        self.reasons = tuple(reasons)
        self.detail = detail
        super().__init__(kind)


def of_reasons(reasons: Iterable[Reason]) -> Problem:
    """A refusal of the kernel with all its reasons: who may not (403), what has moved on (409), what is lacking (422)."""
    given = tuple(reasons)
    said = [
        {
            "code": r.code,
            "text": str(say(r.text)),
            **({"field": r.field} if r.field else {}),
            **({"matter": r.matter} if r.matter else {}),
        }
        for r in given
    ]
    codes = [r.code for r in given]
    kind = "refused"
    if any(c.startswith(MOVED_ON) for c in codes):
        kind = "moved_on"
    if any(c.startswith("who.") for c in codes):
        kind = "not_yours"
    return Problem(kind, reasons=said, detail=" ".join(s["text"] for s in said))


def respond(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The document."""
    status, title = TITLES[problem.kind]
    body: dict[str, Any] = {
        "type": f"urn:guangyue:problem:{problem.kind}",
        "title": say(title),
        "status": status,
        "code": problem.kind,
        "instance": request.path,
    }
    if problem.detail:
        body["detail"] = problem.detail
    if problem.reasons:
        body["reasons"] = list(problem.reasons)
    answer = JsonResponse(body, status=status, content_type=TYPE, json_dumps_params={"ensure_ascii": False})
    answer.headers["Content-Language"] = reader()
    if problem.wait:
        answer.headers["Retry-After"] = str(int(problem.wait) + 1)
    return answer
