"""Whether a paper is genuine (文书验真): the code in its QR names it and proves that it was read off the paper.

The code (`guangyue.records.papers.verify_code`) is the paper's number and eight letters that only this installation can
make; nothing has to be stored for it, and nobody finds a genuine one by trying.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guangyue.records.database import db
from guangyue.records.library import LIBRARY
from guangyue.records.papers import verify_code
from guangyue.web.doing import plainly
from guangyue.web.portal.guessing import count_wrong, must_wait

if TYPE_CHECKING:
    from guangyue.law import Text

__all__ = ["ask", "show"]

_PAPER = """
    select d.code, d.issued_at, m.procedure, m.version, m.snapshot, m.agency, u.name_zh, u.name_en
    from document d join matter m on m.id = d.matter_id
    left join city_unit u on u.code = (select j.body::jsonb ->> 'unit' from journal j where j.matter_id = m.id and j.seq = d.seq)
    where d.number = %s order by d.id
"""
_LONGEST = 90


@dataclass(frozen=True, slots=True)
class Genuine:
    """A paper of this city: what it is, when and by whom it was issued, and whether it still stands.

    Attributes:
        code: of a paper made out to a party, with which that party comes in; empty for others.
    """

    title: Text
    procedure: Text
    number: str
    issued_at: datetime
    status: str
    unit_zh: str
    unit_en: str
    code: str


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Number and letters typed off a paper whose QR cannot be scanned."""
    code = request.GET.get("code", "").strip()[:_LONGEST]
    if "/" in code:  # no code has one, and no address of ours could carry it
        return render(request, "portal/verify.html", {"code": code, "unknown": True}, status=404)
    if code:
        return HttpResponseRedirect(reverse("verify_paper", args=[code]))
    return render(request, "portal/verify.html", {})


@never_cache
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Genuine, with what it says; or not known, which is all that is said of a wrong code."""
    number, _, letters = code[:_LONGEST].rpartition(".")
    if (wait := must_wait(request, number or code)) is not None:
        answer = render(request, "portal/verify.html", {"code": code, "wait": True}, status=429)
        answer["Retry-After"] = str(int(wait.total_seconds()) + 1)
        return answer
    right = verify_code(number)
    given = f"{number}.{letters.upper()}"
    if not hmac.compare_digest(given.encode(), right.encode()) or (paper := _paper(number)) is None:
        count_wrong(request, number or code)
        return render(request, "portal/verify.html", {"code": code, "unknown": True}, status=404)
    return render(request, "portal/verify.html", {"code": code, "paper": paper})


def _paper(number: str) -> Genuine | None:
    raw = db()
    row = raw.execute(_PAPER, [number]).fetchone()
    if row is None:
        return None
    procedure = LIBRARY.find(raw, row[2], row[3])
    if row[0] not in procedure.tables.papers:
        return None
    status = plainly(row[4]).get("papers", {}).get(row[0], "issued")
    return Genuine(
        procedure.paper(row[0]).title, procedure.title, number, row[1], status, row[6] or "", row[7] or row[6] or "",
        verify_code(number).rpartition(".")[2] if "party" in procedure.paper(row[0]).fills else "",
    )  # fmt: skip
