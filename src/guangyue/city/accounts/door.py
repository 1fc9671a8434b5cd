"""The door behind the sign-in: staff pass with a second factor and a valid password, or are led to get them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from guangyue.city import clock
from guangyue.city.accounts.passwords import expired
from guangyue.city.models.accounts import Account

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["StaffDoor", "is_strong"]

_OPEN = ("account_login", "account_logout", "account_reauthenticate")
_ENROL = ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "mfa_view_recovery_codes")
_AGAIN = ("mfa_reauthenticate", "mfa_reauthenticate_webauthn")


def is_strong(request: HttpRequest) -> bool:
    """Whether this session was opened with a second factor or a passkey."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request))


class StaffDoor:
    """Middleware; must stand behind authentication and allauth's own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through or show the way."""
        led = self._lead(request)
        response = led if led is not None else self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _lead(self, request: HttpRequest) -> HttpResponse | None:
        account = request.user
        if not isinstance(account, Account) or not account.is_staff_account:
            return None
        if _is_one_of(request, _OPEN) or request.path.startswith(settings.STATIC_URL):
            return None
        if not is_strong(request):
            return None if _is_one_of(request, _ENROL) else _lead_to("mfa_index", request, "second-factor")
        if expired(account, clock.now(), settings.GUANGYUE_PASSWORD_PROFILE):
            allowed = ("account_change_password", *_AGAIN)
            return (
                None
                if _is_one_of(request, allowed)
                else _lead_to("account_change_password", request, "password-expired")
            )
        return None


def _is_one_of(request: HttpRequest, names: tuple[str, ...]) -> bool:
    return request.path in {reverse(name) for name in names}


def _lead_to(name: str, request: HttpRequest, code: str) -> HttpResponse:
    """A page goes there; a program is told."""
    if request.method not in {"GET", "HEAD"} or "text/html" not in request.headers.get("Accept", "text/html"):
        return JsonResponse({"code": f"account.{code}"}, status=403)
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}")
