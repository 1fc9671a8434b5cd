"""Who calls: a program with a bearer token, or a browser with its session (and then its CSRF token)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from typing_extensions import override

from guangyue.city.viewer import Viewer, viewer_of
from guangyue.web.api.pace import PACE
from guangyue.web.api.problems import Problem

if TYPE_CHECKING:
    from guangyue.kernel import Procedure

__all__ = ["CALLERS", "caller", "may"]


class _Token(HttpBearer):
    """An API token of a member of staff."""

    @override
    def authenticate(self, request: HttpRequest, token: str) -> Viewer | None:
        return _known(request)


class _Session(APIKeyCookie):
    """The browser's session; writing needs its CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME

    @override
    def authenticate(self, request: HttpRequest, key: str | None) -> Viewer | None:
        return _known(request)


def _known(request: HttpRequest) -> Viewer | None:
    viewer = viewer_of(request)
    known = viewer.account_id is not None
    if wait := PACE.wait(f"account:{viewer.account_id}" if known else f"from:{request.META.get('REMOTE_ADDR', '')}"):
        raise Problem("too_many", wait=wait)
    return viewer if known else None


CALLERS: list[Any] = [_Token(), _Session(csrf=True)]


def caller(request: HttpRequest) -> Viewer:
    """The viewer behind a request that was let in."""
    viewer: Viewer = request.auth  # type: ignore[attr-defined]  # ninja puts it there
    return viewer


def may(viewer: Viewer, kind: str, procedure: Procedure | str = "") -> None:
    """Refuses a token without the scope: ``matters:write``, or the procedure's own, ``streets.parking:write``.

    Raises:
        Problem: ``scope``.
    """
    code = procedure if isinstance(procedure, str) else procedure.code
    wanted = [f"matters:{kind}", f"{code}:{kind}"] if code else [f"matters:{kind}"]
    if not any(viewer.allows(scope) for scope in wanted):
        raise Problem("scope", reasons=({"code": "access.scope", "text": " / ".join(wanted)},))
