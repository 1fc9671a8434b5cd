"""Two pages of a demonstration: who can sign in, and what arrives on people's phones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guangyue.city.personal import Purpose
from guangyue.law import Text
from guangyue.law.competence.actors import ROLES
from guangyue.links.models import ShortMessage

__all__ = ["Bubble", "logins", "phones"]

_NEWEST = 40
_READER = Purpose(reader="demo:phones", reason="phone screens of the invented city", basis="demo")


def _say(text: Text) -> str:
    return text.en if (get_language() or "zh").startswith("en") else text.zh


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message on a phone."""

    text: str
    at: datetime
    state: str
    why: str


_STATES = {
    "sending": Text("发送中", "sending"),
    "accepted": Text("运营商已接收", "accepted by the carrier"),
    "delivered": Text("已送达", "delivered"),
    "lost": Text("未送达", "not delivered"),
    "refused": Text("运营商拒收", "refused by the carrier"),
}


@never_cache
@require_safe
def logins(request: HttpRequest) -> HttpResponse:
    """The accounts of the invented city, their password and the one-time code of this half minute."""
    from guangyue.demo.city.load import code_now
    from guangyue.demo.city.staff import CITIZENS, DOORS, PASSWORD, PLATES, STAFF

    shown = {login: Text(zh, en) for login, zh, en in DOORS}
    first = [{"login": login, "what": _say(what)} for login, what in shown.items()]
    rest = [
        {"login": m.login, "what": f"{m.name} · {'、'.join(_say(ROLES[r]) for r in m.roles)}"}
        for m in STAFF
        if m.login not in shown
    ]
    citizens = [f"citizen{n}" for n in range(1, CITIZENS + 1)]
    context = {
        "first": first,
        "rest": rest,
        "citizens": citizens,
        "password": PASSWORD,
        "code": code_now(),
        "plates": PLATES,
    }
    return render(request, "demo/logins.html", context)


@never_cache
@require_safe
def phones(request: HttpRequest) -> HttpResponse:
    """The newest messages as they lie on the owners' phones."""
    newest = list(ShortMessage.objects.order_by("-made_at", "-pk")[:_NEWEST])
    shown = [(str(m.number), m) for m in newest]
    order = {number: place for place, (number, _) in reversed(list(enumerate(shown)))}
    screens = [
        {
            "number": number,
            "bubbles": [
                Bubble(m.text.reveal(_READER), m.made_at, _say(_STATES[m.progress]), m.why)
                for _, m in reversed(list(found))
            ],
        }
        for number, found in groupby(sorted(shown, key=lambda pair: order[pair[0]]), key=lambda pair: pair[0])
    ]
    return render(request, "demo/phones.html", {"screens": screens})
