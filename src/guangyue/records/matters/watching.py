"""What many watchers see of the same changes: read once, and each watcher's reach worked out once for as long as it stays.

A reach depends on the roles held, which whoever calls brings anew each time, and on how the units stand, which is compared
each time; so a change of either acts at once.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from guangyue.records.database import db as django_db
from guangyue.records.library import LIBRARY
from guangyue.records.matters.changes import News
from guangyue.records.matters.scope import Scope, scope_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guangyue.city.viewer import Viewer
    from guangyue.records.library import Library
    from guangyue.records.matters.changes import Moved
    from guangyue.records.matters.shown import Change

__all__ = ["Watching"]

_GROUND = "select md5(string_agg(code || ' ' || path, ',' order by code)) from city_unit"
LONGEST = 60.0
"""Seconds after which a reach is worked out anew whatever was compared."""


class Watching:
    """The watchers of one process."""

    def __init__(self, library: Library = LIBRARY) -> None:
        self._library = library
        self._scopes: dict[Viewer, Scope] = {}
        self._ground: tuple[object, ...] = ()

    def see(self, moved: Moved, viewers: Iterable[Viewer]) -> dict[Viewer, tuple[Change, ...]]:
        """What each of the viewers sees of what moved."""
        raw = django_db()
        row = raw.execute(_GROUND).fetchone()
        ground = (row, len(self._library.codes()), time.monotonic() // LONGEST)
        if ground != self._ground:
            self._scopes.clear()
            self._ground = ground
        news = News.read(raw, self._library, moved)
        seen: dict[Viewer, tuple[Change, ...]] = {}
        for viewer in viewers:
            key = replace(viewer, at=None)
            scope = self._scopes.get(key)
            if scope is None:
                scope = self._scopes[key] = scope_of(raw, viewer, self._library)
            seen[viewer] = news.seen_by(scope)
        return seen
