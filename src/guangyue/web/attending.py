"""What a page asks for by itself keeps no session alive: an unattended screen signs out after its idle minutes (ASVS 7.3).

While somebody works on a page that asks for nothing else, its script says so once a minute (``console_here``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.middleware import SessionMiddleware
from typing_extensions import override

from guangyue.city.accounts.sessions import SessionStore

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["UNATTENDED", "Sessions"]

UNATTENDED = frozenset({"/events", "/console/changes"})
"""The stream of changes, and the asking that takes its place where no stream can be had."""


class Sessions(SessionMiddleware):
    """Django's own, which also knows the requests behind which nobody sits."""

    @override
    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if isinstance(request.session, SessionStore):
            request.session.unattended = request.path_info in UNATTENDED
