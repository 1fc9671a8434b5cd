"""Live changes: server-sent events for whoever has the console open, and the same by asking.

Every event's id is a cursor of the records, a whole snapshot: a browser that comes back sends the last one and gets what
it missed, without a gap. One watcher a process looks every second whether anything changed at all; only then do the
readers look, each with their own rights, worked out anew. A stream does not keep a session alive.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import DatabaseError, close_old_connections, connection
from django.http import HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from guangyue.city import clock
from guangyue.city.accounts import rules
from guangyue.city.accounts.sessions import SessionStore, stored_key
from guangyue.city.viewer import Viewer, viewer_for
from guangyue.records.database import city_now, db
from guangyue.records.matters import changes_for, cursor_now
from guangyue.web.console.door import staff_page
from guangyue.web.console.showing import row

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["changes", "events", "told"]

PACE = 2.0
"""Seconds between two looks."""
BEAT = 15.0
"""Seconds after which a silent stream says that it lives, so that nothing between closes it."""
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
    # Django gives this request's connection back when the response ends, and this one lasts an hour: give it back now.
    connection.close()
    answer = StreamingHttpResponse(stream, content_type="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def told(viewer: Viewer, cursor: str) -> Data:
    """Changes as a page takes them: each matter's row as it is now."""
    found = changes_for(viewer, cursor)
    now = city_now(db())
    said = [
        {
            "id": c.line.id,
            "seq": c.line.seq,
            "closed": c.line.closed,
            "position": [c.line.position[0] / 1e6, c.line.position[1] / 1e6] if c.line.position else None,
            "row": row(c.line, viewer, now).html,
        }
        for c in found.changes
    ]
    return {"cursor": found.cursor, "changes": said, "reset": found.reset}


class Watch:
    """One look for the whole process: has anything been committed since the last one?"""

    def __init__(self) -> None:
        self._future: asyncio.Future[None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._seen = ""

    def next(self) -> asyncio.Future[None]:
        """Done when something has changed after now; the first who asks starts the watching."""
        loop = asyncio.get_running_loop()
        if self._future is None or self._future.done() or self._future.get_loop() is not loop:
            self._future = loop.create_future()
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._task = loop.create_task(self._watch(loop.time()))
        return self._future

    async def _watch(self, asked: float) -> None:
        """Looks while somebody listens; nobody for a while ends it."""
        loop = asyncio.get_running_loop()
        while loop.time() - asked < 4 * BEAT:
            try:
                moved = await sync_to_async(self._moved, thread_sensitive=False)()
            except DatabaseError:
                moved = True  # the readers will find out, and their streams end
            if moved and self._future is not None and not self._future.done():
                self._future.set_result(None)
                asked = loop.time()
            await asyncio.sleep(PACE)

    def _moved(self) -> bool:
        close_old_connections()
        try:
            now, moved = db().execute(_MOVED, [self._seen or None]).fetchone()  # type: ignore[misc]  # one row
            self._seen = now
            return bool(moved)
        finally:
            close_old_connections()


_MOVED = """
    select pg_current_snapshot()::text, s is null or exists (
        select from change c where c.xid >= pg_snapshot_xmin(s) and not pg_visible_in_snapshot(c.xid, s)
    ) from (select %s::text::pg_snapshot as s) x
"""
"""What is visible now and was not in the snapshot of the last look, whatever order transactions committed in."""
WATCH = Watch()


async def _stream(key: str, cursor: str, language: str) -> AsyncIterator[str]:
    yield "retry: 2000\n\n"
    loop = asyncio.get_running_loop()
    began = loop.time()
    while loop.time() - began < LONGEST:
        moved = WATCH.next()
        said = await sync_to_async(_look, thread_sensitive=False)(key, cursor, language)
        if said is None:
            yield "event: signed-out\ndata: {}\n\n"
            return
        if said["changes"] or said["reset"]:
            yield f"id: {said['cursor']}\nevent: changes\ndata: {json.dumps(said, ensure_ascii=False)}\n\n"
        else:
            yield f"id: {said['cursor']}\n: still here\n\n"
        cursor = said["cursor"]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(moved), BEAT)


def _look(key: str, cursor: str, language: str) -> Data | None:
    """One look, in a thread of the pool; nothing when the session is over or the roles are gone."""
    close_old_connections()
    try:
        now = _still(key)
        if now is None:
            return None
        with translation.override(language):
            return told(now, cursor)
    finally:
        close_old_connections()


def _still(key: str) -> Viewer | None:
    """The viewer of a session that still lives, without touching it."""
    row_ = SessionStore.get_model_class().objects.select_related("account").filter(pk=stored_key(key)).first()
    account = row_.account if row_ else None
    if row_ is None or account is None or not account.is_active:
        return None
    limits = rules.COUNTER if row_.counter else rules.STAFF
    at = clock.now()
    over = rules.end_of(limits, started_at=row_.started_at, seen_at=row_.seen_at, live_until=row_.live_until, now=at)
    found = viewer_for(account, at=at, strong=True) if over is None else None
    return found if found is not None and found.held else None
