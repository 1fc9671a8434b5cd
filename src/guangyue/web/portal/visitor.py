"""Who is let in: a number and a proof, carried in a signed cookie for half an hour and checked anew at every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.urls import reverse

from guangyue.city.errors import NotVisibleError
from guangyue.records.matters import PublicView, public_matter

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

__all__ = ["COOKIE", "come_in", "leave", "visited"]

COOKIE = "__Secure-portal" if settings.SESSION_COOKIE_SECURE else "portal"
HALF_AN_HOUR = 1800
_SALT = "guangyue.portal.visitor"


def come_in(answer: HttpResponse, number: str, proof: str) -> None:
    """Remember in the citizen's own browser what they proved; the server keeps nothing."""
    answer.set_cookie(
        COOKIE,
        signing.dumps([number, proof], salt=_SALT),
        max_age=HALF_AN_HOUR,
        path=reverse("portal"),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def leave(answer: HttpResponse) -> None:
    """Forget it."""
    answer.delete_cookie(COOKIE, path=reverse("portal"), samesite="Lax")


def visited(request: HttpRequest) -> PublicView | None:
    """The matter this browser proved to know; None when the time is over or the proof no longer holds."""
    try:
        number, proof = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=HALF_AN_HOUR)
        return public_matter(number, proof)
    except (signing.BadSignature, ValueError, TypeError, NotVisibleError):
        return None
