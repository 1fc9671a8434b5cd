"""The door behind the sign-in: staff pass with a second factor and a valid password, or are led to get them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from guangyue.city import clock
from guangyue.city.accounts.adapters import has_one_factor, say
from guangyue.city.accounts.passwords import expired
from guangyue.city.models.accounts import Account
from guangyue.law import Text

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["StaffDoor", "is_strong"]

_OPEN = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "health",
        "health_live",
        "health_ready",
        "set_language",
    }
)
_ENROL = frozenset(
    {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "mfa_view_recovery_codes"}
)
_CHANGE = frozenset({"account_change_password", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"})
_LAST_FACTOR = Text(
    "这是您最后一个第二因素，不能移除；请先添加另一个。",
    "This is your last second factor; add another one before removing it.",
)


def is_strong(request: HttpRequest) -> bool:
    """Whether this session was opened with a second factor or a passkey."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


class StaffDoor:
    """Middleware; must stand behind authentication and allauth's own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing shown to somebody signed in is kept by a cache."""
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Let the request through (None) or show the way."""
        account = request.user
        page = request.resolver_match.url_name if request.resolver_match else None
        if not isinstance(account, Account) or not account.is_staff_account or page in _OPEN:
            return None
        if not is_strong(request):
            return None if page in _ENROL else _lead_to("mfa_index", request, "second-factor")
        if page == "mfa_remove_webauthn" and request.method == "POST" and has_one_factor(account.pk):
            messages.error(request, say(_LAST_FACTOR))
            return HttpResponseRedirect(reverse("mfa_index"))
        if page not in _CHANGE and expired(account, clock.now(), settings.GUANGYUE_PASSWORD_PROFILE):
            return _lead_to("account_change_password", request, "password-expired")
        return None


def _lead_to(name: str, request: HttpRequest, code: str) -> HttpResponse:
    """A page goes there; a program is told."""
    if request.method not in {"GET", "HEAD"} or "text/html" not in request.headers.get("Accept", "text/html"):
        return JsonResponse({"code": f"account.{code}"}, status=403)
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}")
