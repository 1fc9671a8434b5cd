"""One look for all who watch: the streams of a process share a watcher, and each gets what its viewer may see.

Every other second one thread asks what changed. When something did, the changed matters are read once, each row is drawn
once for all who see it alike, and what a viewer may see goes to the streams of that viewer. Rights are worked out anew at
every look, for all streams together. A stream that cannot keep up is ended; its browser comes back with its cursor.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from django.db import close_old_connections
from django.utils import translation

from guangyue.city.accounts.watchers import watchers
from guangyue.records.database import city_now, db
from guangyue.records.matters import Change, Moved, Watching, cursor_now, moved_since
from guangyue.web.console.names import unit_name
from guangyue.web.console.showing import Row, chip_of, tone_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from guangyue.city.viewer import Viewer
    from guangyue.web.present.clocks import Clock

__all__ = ["SIGNED_OUT", "Hub", "Stream", "event", "hub", "item"]

PACE = 2.0
"""Seconds between two looks."""
BEAT = 15.0
"""Seconds after which a silent stream says that it lives, so that nothing between closes it."""
COME_BACK = (200, 2000)
"""Milliseconds after which those whose stream has ended come back: the shortest and the longest."""
MOST_WAITING = 60
"""Messages a stream may have waiting."""
SIGNED_OUT = "event: signed-out\ndata: {}\n\n"
_log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Stream:
    """One who watches; None among its messages ends it."""

    key: str
    language: str
    messages: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))

    def give(self, message: str | None) -> None:
        """One more message; whoever lets them pile up is ended."""
        if message is not None and self.messages.qsize() < MOST_WAITING - 1:
            self.messages.put_nowait(message)
        elif not self.messages.full():
            self.messages.put_nowait(None)


class Hub:
    """The watcher of one event loop."""

    def __init__(self) -> None:
        self._streams: set[Stream] = set()
        self._door = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="hub")
        self._task: asyncio.Task[None] | None = None
        self._cursor = ""
        self._beat = 0.0
        self._watching = Watching()
        self._over = False

    def end(self) -> None:
        """This process ends: all streams are told to come back a little later, each at a moment of its own, and end."""
        self._over = True
        with self._door:
            for stream in self._streams:
                _dismiss(stream)

    async def run(self, work: Callable[..., Any], *given: object) -> Any:  # noqa: ANN401 - what the work gives
        """Something with the database, in the hub's own thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, _clean(work), *given)

    def join(self, stream: Stream) -> None:
        """From now on it is told; what was before it has to ask for itself, after joining."""
        with self._door:
            self._streams.add(stream)
            if self._over:
                _dismiss(stream)
        if self._task is None or self._task.done():
            self._cursor = ""
            self._task = asyncio.get_running_loop().create_task(self._watch())

    def leave(self, stream: Stream) -> None:
        """It is told no more."""
        with self._door:
            self._streams.discard(stream)

    async def _watch(self) -> None:
        """Looks while anybody listens."""
        while self._streams:
            try:
                said = await self.run(self._look)
            except Exception:  # noqa: BLE001 - whatever it was, the streams begin anew
                _log.exception("the hub could not look: its streams begin anew")
                said = dict.fromkeys(self._streams)
                self._cursor = ""
            for stream, message in said.items():
                stream.give(message)
            await asyncio.sleep(PACE)

    def _look(self) -> dict[Stream, str | None]:
        """What each stream is told now."""
        moved = moved_since(self._cursor) if self._cursor else Moved(cursor_now())
        # Whoever joins after this moment asks for itself later than the cursor, so nothing falls between.
        with self._door:
            streams = list(self._streams)
        self._cursor = moved.cursor
        now = time.monotonic()
        if not (moved.last or moved.reset) and now - self._beat < BEAT:
            return {}
        self._beat = now
        living = watchers({s.key for s in streams})
        said: dict[Stream, str | None] = {s: SIGNED_OUT for s in streams if s.key not in living}
        if moved.reset or not moved.last:
            same = event(moved.cursor, (), reset=moved.reset)
            return said | {s: same for s in streams if s.key in living}
        seen = self._watching.see(moved, living.values())
        drawn = Drawn(city_now(db()))
        texts: dict[tuple[Viewer, str], str] = {}
        for s in (s for s in streams if s.key in living):
            viewer = living[s.key]
            key = (viewer, s.language)
            if key not in texts:
                with translation.override(s.language):
                    texts[key] = event(moved.cursor, [drawn.item(c, viewer, s.language) for c in seen[viewer]])
            said[s] = texts[key]
        return said


def _dismiss(stream: Stream) -> None:
    while stream.messages.qsize() > MOST_WAITING - 2:
        stream.messages.get_nowait()  # the browser asks again for what it did not get
    stream.give(f"retry: {random.randint(*COME_BACK)}\n\n")  # noqa: S311 - so that not all come at once
    stream.give(None)


class Drawn:
    """Rows of one look, each drawn once for all who see it alike."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._chips: dict[int, Clock | None] = {}
        self._items: dict[object, str] = {}

    def item(self, change: Change, viewer: Viewer, language: str) -> str:
        """A change as JSON."""
        line = change.line
        tone = tone_of(line, viewer, self._now)
        key = (line.row, tone, line.mine, language)
        if key not in self._items:
            if line.row not in self._chips:
                self._chips[line.row] = chip_of(line, line.clock, self._now) if line.clock else None
            row = Row(line, self._chips[line.row], tone, unit_name(line.holder))
            self._items[key] = json.dumps(item(change, row), ensure_ascii=False)
        return self._items[key]


def item(change: Change, row: Row) -> dict[str, Any]:
    """A change as a page takes it: the matter's row as it is now."""
    line = change.line
    return {
        "id": line.id, "seq": line.seq, "closed": line.closed,
        "position": [line.position[0] / 1e6, line.position[1] / 1e6] if line.position else None, "row": row.html,
    }  # fmt: skip


def event(cursor: str, items: Iterable[str], *, reset: bool = False) -> str:
    """The text of one event; one without anything to tell is a sign of life that moves the cursor."""
    told = list(items)
    if not told and not reset:
        return f"id: {cursor}\n: still here\n\n"
    data = f'{{"cursor": {json.dumps(cursor)}, "changes": [{", ".join(told)}], "reset": {json.dumps(reset)}}}'
    return f"id: {cursor}\nevent: changes\ndata: {data}\n\n"


def _clean(work: Callable[..., Any]) -> Callable[..., Any]:
    def inner(*given: object) -> Any:  # noqa: ANN401 - what the work gives
        close_old_connections()
        try:
            return work(*given)
        finally:
            close_old_connections()

    return inner


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The running loop's own."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
