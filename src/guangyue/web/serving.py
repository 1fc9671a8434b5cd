"""How requests reach the pages: every page runs whole in one thread of a fixed few, streams wait in the event loop.

Django's own ASGI handler changes threads for nearly every middleware, which costs more than most pages do. Here a request
is read in the event loop, answered from end to end by one thread as under WSGI, and sent by the event loop. Only what
lasts (server-sent events) stays in the loop, where it costs nothing while nothing happens. A thread keeps its database
connection from one request to the next.
"""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.urls import set_script_prefix
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Iterator
    from typing import IO

    from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

__all__ = ["Application"]

GULP = 256 * 1024
"""Bytes of a file that are read at once."""
Send = Any
Receive = Any
Scope = Any


class Application(ASGIHandler):
    """The ASGI application.

    Args:
        threads: pages that are made at the same time in this process; more wait in line.
    """

    def __init__(self, threads: int) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"HTTP is served here, not {scope['type']}")
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        try:
            head, content = await self._run(self._answer, scope, body)
            await send(head)
            if isinstance(content, bytes):
                await send({"type": "http.response.body", "body": content})
                return
            await self._stream(content, receive, send)
        finally:
            body.close()

    def drain(self) -> None:
        """End what would last for ever; whoever listens to a stream comes back, to another process."""
        from guangyue.web.console.hub import hub

        hub().end()

    async def turn(self) -> None:
        """Comes back as soon as one of the threads was free."""
        await self._run(int)

    async def _run(self, work: Callable[..., Any], *given: object) -> Any:  # noqa: ANN401 - what the work gives
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *given)

    def _answer(self, scope: Scope, body: IO[bytes]) -> tuple[dict[str, Any], bytes | StreamingHttpResponse]:
        """The whole request, in one thread: the head of the answer, and its content unless that is a stream."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refused = self.create_request(scope, body)
        response: HttpResponseBase = (
            self.get_response(request) if request is not None else cast("HttpResponse", refused)
        )
        response._handler_class = self.__class__  # type: ignore[attr-defined]  # noqa: SLF001 - names the sender of the last signal
        head = {"type": "http.response.start", "status": response.status_code, "headers": _headers(response)}
        if response.streaming:
            close_old_connections()  # a pool's connection goes back now: another thread may close the response
            return head, cast("StreamingHttpResponse", response)
        content = cast("HttpResponse", response).content
        response.close()
        return head, content

    async def _stream(self, response: StreamingHttpResponse, receive: Receive, send: Send) -> None:
        """A file piece by piece, or events for as long as somebody listens."""
        gone = asyncio.ensure_future(receive())
        if response.is_async:
            pour = asyncio.ensure_future(_pour(cast("AsyncIterable[bytes]", response.streaming_content), send))
        else:
            pour = asyncio.ensure_future(self._pour_file(iter(cast("Any", response)), send))
        try:
            await asyncio.wait((pour, gone), return_when=asyncio.FIRST_COMPLETED)
            if pour.done():
                pour.result()
        finally:
            for task in (pour, gone):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            await self._run(response.close)

    async def _pour_file(self, parts: Iterator[bytes], send: Send) -> None:
        while piece := await self._run(_gulp, parts):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})


async def _pour(parts: AsyncIterable[bytes], send: Send) -> None:
    async with contextlib.aclosing(aiter(parts)) as made:  # type: ignore[type-var]  # a generator of the response's
        async for part in made:
            await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body"})


def _gulp(parts: Iterator[bytes]) -> bytes:
    taken = bytearray()
    for part in parts:
        taken += part
        if len(taken) >= GULP:
            break
    return bytes(taken)


def _headers(response: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    said = [(name.lower().encode("ascii"), value.encode("latin-1")) for name, value in response.items()]
    said += [(b"set-cookie", c.output(header="").strip().encode("ascii")) for c in response.cookies.values()]
    return said
