"""Live changes: server-sent events for whoever has the console open, and the same by asking.

Every event's id is a cursor of the records, a whole snapshot: a browser that comes back sends the last one and gets what
it missed, without a gap. `hub` looks for all streams of a process together. A stream does not keep a session alive.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from guangyue.city.accounts.watchers import watchers
from guangyue.city.viewer import Viewer
from guangyue.records.database import city_now, db
from guangyue.records.matters import changes_for, cursor_now
from guangyue.web.console.door import staff_page
from guangyue.web.console.hub import SIGNED_OUT, Stream, event, hub, item
from guangyue.web.console.showing import row
from guangyue.web.metrics.counting import STREAMS

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["changes", "events", "told"]

LONGEST = 3_600.0
"""Seconds after which a stream ends and the browser comes again: servers can be replaced without waiting for ever."""

Data = dict[str, Any]


@require_safe
@staff_page
def changes(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What changed since a cursor, by asking."""
    return JsonResponse(told(viewer, request.GET.get("since", "")), json_dumps_params={"ensure_ascii": False})


@require_safe
@staff_page
def events(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:  # noqa: ARG001 - the stream works the viewer out anew
    """The stream; under a server that cannot hold one (WSGI) the answer is 204 and pages ask instead."""
    if not isinstance(request, ASGIRequest):
        return HttpResponse(status=204)
    cursor = request.headers.get("Last-Event-ID") or request.GET.get("since") or cursor_now()
    key = request.session.session_key or ""
    stream = _stream(key, cursor, translation.get_language() or "zh-hans")
    answer = StreamingHttpResponse(stream, content_type="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def told(viewer: Viewer, cursor: str) -> Data:
    """Changes as a page takes them: each matter's row as it is now."""
    found = changes_for(viewer, cursor)
    now = city_now(db())
    said = [item(c, row(c.line, viewer, now)) for c in found.changes]
    return {"cursor": found.cursor, "changes": said, "reset": found.reset}


async def _stream(key: str, cursor: str, language: str) -> AsyncIterator[str]:
    yield "retry: 2000\n\n"
    loop, watch, stream = asyncio.get_running_loop(), hub(), Stream(key, language)
    until = loop.time() + LONGEST
    # First among those who are told, then what was before: twice is harmless, a gap is not.
    watch.join(stream)
    STREAMS.inc()
    try:
        missed = await watch.run(_missed, key, cursor, language)
        if missed is None:
            yield SIGNED_OUT
            return
        yield missed
        while loop.time() < until:
            message = await stream.messages.get()
            if message is None:
                return
            yield message
            if message == SIGNED_OUT:
                return
    finally:
        watch.leave(stream)
        STREAMS.dec()


def _missed(key: str, cursor: str, language: str) -> str | None:
    """What changed since a browser's own cursor; nothing when its session is over or its roles are gone."""
    viewer = watchers({key}).get(key)
    if viewer is None:
        return None
    with translation.override(language):
        said = told(viewer, cursor)
    return event(said["cursor"], [json.dumps(c, ensure_ascii=False) for c in said["changes"]], reset=said["reset"])
