"""Everything a reader may see of one matter, opened once (卷宗)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guangyue.records.library import LIBRARY
from guangyue.records.matters.attached import papers_of, pieces_of
from guangyue.records.matters.one import entries_of, masks_of, offers_of, open_matter, view_of
from guangyue.records.matters.scope import WRITE

if TYPE_CHECKING:
    from datetime import datetime

    from guangyue.city.viewer import Viewer
    from guangyue.kernel import Offer
    from guangyue.records.library import Library
    from guangyue.records.matters.shown import DocumentLine, Entries, MatterView, PieceLine

__all__ = ["Dossier", "dossier_for"]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A matter as its page shows it; each part as the function of its own gives it.

    Attributes:
        offers: nothing for a token that may only read.
    """

    view: MatterView
    offers: tuple[Offer, ...]
    story: Entries
    evidence: tuple[PieceLine, ...]
    papers: tuple[DocumentLine, ...]


def dossier_for(
    viewer: Viewer, matter: str, *, signed_in_at: datetime | None = None, library: Library = LIBRARY
) -> Dossier:
    """View, offers, story, evidence and papers of one matter.

    Raises:
        NotVisibleError: absent or not for this viewer.
    """
    found = open_matter(viewer, matter, library)
    masks = masks_of(found)
    return Dossier(
        view=view_of(found, masks), offers=offers_of(found, signed_in_at) if viewer.allows(WRITE) else (),
        story=entries_of(found, masks), evidence=pieces_of(found), papers=papers_of(found),
    )  # fmt: skip
