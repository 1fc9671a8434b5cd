"""A web worker: ``python -m guangyue.serve.worker`` takes connections from the supervisor's socket (网页进程).

Told to end (SIGTERM), it takes no more connections, asks the application to end what would last for ever (streams), lets
requests in hand finish, and goes. How long that may take is the supervisor's to say.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import importlib
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from typing_extensions import override

from guangyue.serve.lines import configure
from guangyue.serve.processes import LISTENER
from guangyue.serve.pulse import PACE, Pulse

__all__ = ["BACKLOG", "main", "serve", "turn_away"]

BACKLOG = 1024
ON_THE_WAY = 0.5
"""Seconds for the request of a connection that was accepted just before the end."""
STUCK = 300.0
"""Seconds after which threads none of which has become free count as hung."""


class _Server(Server):
    """Granian's embedded server on a socket that is listened on already."""

    def __init__(self, application: object, listener: int) -> None:
        super().__init__(
            application, interface=Interfaces.ASGINL, websockets=False, backlog=BACKLOG, backpressure=BACKLOG,
            log_level=LogLevels.error,
        )  # fmt: skip
        self._listener = listener

    @override
    def _init_shared_socket(self) -> None:
        shared: Any = SocketHolder
        self._ssp, self._shd = None, shared(self._listener, False, BACKLOG)  # noqa: FBT003 - its only signature


def turn_away(listener: int) -> None:
    """Take no more connections, without a word to those that have come: they wait in line for another process.

    Every descriptor of the socket in this process is made one of a socket that nobody knows. Closing the server's own way
    would also drop connections that were accepted just now and whose request is still on its way.
    """
    mark = os.fstat(listener).st_ino
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        return
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        nobody.listen(1)
        nobody.setblocking(False)  # noqa: FBT003 - its only form
        for name in os.listdir(folder):  # noqa: PTH208 - a descriptor may go while we look
            with contextlib.suppress(OSError):
                if os.fstat(int(name)).st_ino == mark:
                    os.dup2(nobody.fileno(), int(name), inheritable=False)


async def serve(application: Any, listener: int, pulse: Pulse) -> None:  # noqa: ANN401 - any ASGI application
    """Serve until told to end.

    Args:
        application: ASGI; with ``drain()`` when something of it would last for ever, with ``idle(seconds)`` when it knows
            whether its threads still come back.
        listener: descriptor of the socket.
        pulse: told that we are ready and live.
    """
    server, loop = _Server(application, listener), asyncio.get_running_loop()
    told = asyncio.Event()

    def tell() -> None:
        if not told.is_set():
            told.set()
            turn_away(listener)
            if (drain := getattr(application, "drain", None)) is not None:
                drain()
            stop: Callable[[], None] = server.stop
            loop.call_later(ON_THE_WAY, stop)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, tell)
    beating = loop.create_task(_beat(pulse, getattr(application, "turn", None), told))
    try:
        await server.serve()
    finally:
        beating.cancel()


async def _beat(pulse: Pulse, turn: Callable[[], Awaitable[object]] | None, told: asyncio.Event) -> None:
    """Says that we live for as long as the loop turns and a page could be made."""
    made: asyncio.Future[object] | None = None
    since = time.monotonic()
    while True:
        if made is None or made.done():
            since = time.monotonic()
            made = asyncio.ensure_future(turn()) if turn is not None else None
        if time.monotonic() - since < STUCK:
            pulse.beat(draining=told.is_set(), waiting=round(time.monotonic() - since, 1))
        await asyncio.sleep(PACE)


def _load(name: str) -> Any:  # noqa: ANN401 - any ASGI application
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute or "application")


def main() -> None:
    """Serve the application named."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("application", help="module:attribute")
    asked.add_argument("--early", help="a module that may be loaded before database and files are ready")
    asked.add_argument("--listen", help="HOST:PORT, where no supervisor listens for us")
    given = asked.parse_args()
    configure()
    pulse = Pulse()
    inherited = os.environ.pop(LISTENER, "")
    if inherited:
        listener = int(inherited)
    elif given.listen:
        host, _, port = given.listen.rpartition(":")
        listener = socket.create_server((host.strip("[]"), int(port)), backlog=BACKLOG).detach()
        os.set_blocking(listener, False)
    else:
        asked.error(f"no socket: neither {LISTENER} nor --listen")
    gc.disable()  # what is loaded stays: looking through it again and again takes a sixth of a start
    if given.early:
        importlib.import_module(given.early)
    pulse.await_word()
    application = _load(given.application)
    gc.freeze()
    gc.enable()
    asyncio.run(serve(application, listener, pulse))


if __name__ == "__main__":
    main()
