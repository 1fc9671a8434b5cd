"""What a viewer may read of matters; the records' access functions as the faces use them."""

from __future__ import annotations

from dataclasses import dataclass

from guangyue.city.errors import NotVisibleError
from guangyue.city.viewer import Viewer
from guangyue.kernel import Matter, Procedure, read_matter
from guangyue.records.database import db
from guangyue.records.library import LIBRARY
from guangyue.web.doing import plainly

__all__ = ["Found", "seen"]


@dataclass(frozen=True, slots=True)
class Found:
    """A matter that the viewer may see."""

    procedure: Procedure
    matter: Matter


def seen(viewer: Viewer, ref: str) -> Found:
    raw = db()
    row = raw.execute(
        "select m.procedure, m.version, m.snapshot from matter m where m.ref = %s and (m.agency = any(%s) or m.holder = any(%s)"
        " or exists (select from involvement i where i.matter_id = m.id and i.unit = any(%s)))",
        [
            ref,
            [h.agency for h in viewer.held],
            [x for h in viewer.held for x in (h.unit_code, h.agency)],
            [x for h in viewer.held for x in (h.unit_code, h.agency)],
        ],
    ).fetchone()
    if row is None:
        raise NotVisibleError
    procedure = LIBRARY.find(raw, row[0], row[1])
    return Found(procedure, read_matter({**plainly(row[2]), "fields": {}}, procedure))
