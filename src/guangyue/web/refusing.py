"""What is refused at the door, whatever it asks for: texts that nothing can keep (非法字符)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render

from guangyue.web.api.problems import Problem, respond

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest

__all__ = ["Unreadable"]

_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_UNSAFE = frozenset({"POST"})


class Unreadable:
    """Middleware: a NUL in an address, a question or a form is a fault of the sender (400), never one of the database.

    Stands behind the cross-site check, which has read the form by then; bodies that are no forms are judged where they
    are read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do before the view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Let the request through (None), or say that it cannot be read."""
        if not any("\0" in text for text in _texts(request)):
            return None
        if request.path_info.startswith("/api/"):
            return respond(request, Problem("malformed"))
        return render(request, "400.html", status=400)


def _texts(request: HttpRequest) -> Iterator[str]:
    yield request.path_info
    sent = [request.GET]
    if request.method in _UNSAFE and request.content_type in _FORMS:
        sent.append(request.POST)
    for given in sent:
        for name, values in given.lists():
            yield name
            yield from values
