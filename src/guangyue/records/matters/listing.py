"""Lists of matters (事项列表): the work lists, the search, what a map shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.city.errors import CityError
from guangyue.city.identifiers.plate import parse_plate
from guangyue.city.personal import Kind
from guangyue.city.personal.installed import vault
from guangyue.records.database import db as django_db
from guangyue.records.library import LIBRARY
from guangyue.records.matters.asking import FOREVER, MOST, Asked, Cursor
from guangyue.records.matters.lines import COLUMNS, line_of, with_clocks
from guangyue.records.matters.queries import build
from guangyue.records.matters.scope import scope_of
from guangyue.records.matters.shown import Page
from guangyue.records.matters.standing import readable_by, standings

if TYPE_CHECKING:
    from guangyue.city.viewer import Viewer
    from guangyue.records.database import Db
    from guangyue.records.library import Library
    from guangyue.records.matters.scope import Scope

__all__ = ["matters_for"]

_SHORTEST = 1
_NUMBERED = """
    select id, '' from matter where number = %(text)s or ref = %(ref)s
    union select matter_id, '' from document where number = %(text)s
    union select id, '' from matter where subject = any(%(plates)s::bytea[])
    union select matter_id, name from personal_value where search = any(%(keys)s::bytea[])
    limit 400
"""


def matters_for(viewer: Viewer, asked: Asked | None = None, *, library: Library = LIBRARY) -> Page:
    """The matters a viewer may see, as far as asked for.

    Args:
        viewer: who looks; nobody sees nothing.
        asked: filters, order and page.
        library: the procedures.

    Returns:
        a page; its lines are never more than ``asked.most``, and ``next`` leads on.

    Raises:
        BadCursorError: ``asked.after`` is no cursor of this order.
    """
    asked = asked or Asked()
    raw = django_db()
    scope = scope_of(raw, viewer, library)
    most = max(1, min(asked.most, MOST))
    ids = _matching(raw, scope, asked.text.strip(), library) if asked.text.strip() else None
    if asked.rows is not None:
        ids = list(asked.rows) if ids is None else sorted({*ids} & {*asked.rows})
    query = build(scope, asked, library, ids, most + 1)
    if query is None:
        return Page(())
    rows = raw.execute(query.text(COLUMNS), query.params).fetchall()
    lines = with_clocks(raw, library, [(line_of(raw, library, r, scope.account), r[4]) for r in rows[:most]])
    if len(rows) <= most:
        return Page(lines)
    last = lines[-1]
    at = last.opened_at if asked.order == "newest" else last.due_at
    return Page(lines, Cursor(asked.order, at or FOREVER, last.row, at_end=at is None).written())


def _matching(raw: Db, scope: Scope, text: str, library: Library) -> list[int]:
    """The rows a text names exactly: by number, plate, or the value of a personal field this viewer may read there."""
    if scope.nobody or len(text) < _SHORTEST:
        return []
    try:
        plates = vault().search_keys(Kind.PLATE, parse_plate(text).value)
    except CityError:
        plates = []
    keys = [k for kind in (Kind.PHONE, Kind.NOTE, Kind.ID_NUMBER) for k in _keys(kind, text)]
    asked = {"text": text, "ref": text, "plates": plates, "keys": keys}
    found = raw.execute(_NUMBERED, asked).fetchall()
    ids = {id_ for id_, name in found if not name}
    if personal := [(id_, name) for id_, name in found if name]:
        # Finding a matter by somebody's telephone says that he is in it: only whoever may read the field finds it so.
        known = standings(raw, [id_ for id_, _ in personal])
        for id_, name in personal:
            procedure, standing = known[id_][1], known[id_][0]
            declared = library.find(raw, standing.procedure, procedure)
            if name in readable_by(declared, standing, scope):
                ids.add(id_)
    return sorted(ids)


def _keys(kind: Kind, text: str) -> list[bytes]:
    try:
        return vault().search_keys(kind, text)
    except CityError:
        return []
