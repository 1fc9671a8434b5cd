"""The only way to a piece of evidence (证据访问)."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from guangyue.city.viewer import Viewer
from guangyue.records.evidence.errors import EvidenceError
from guangyue.records.evidence.models import Evidence

__all__ = ["MatterRule", "access_evidence", "decide_matters_with"]

MatterRule = Callable[[Viewer, int], bool]

_rules: list[MatterRule] = []


def decide_matters_with(rule: MatterRule | None) -> None:
    """Name the function that says whether a viewer sees a matter, and with it the matter's evidence."""
    _rules[:] = [] if rule is None else [rule]


def access_evidence(viewer: Viewer, evidence_id: uuid.UUID) -> Evidence:
    """A piece of evidence for this viewer.

    What belongs to no matter yet is seen by whoever handed it in. What belongs to one is seen by those who see the matter.

    Raises:
        EvidenceError: ``evidence.not_visible``, the same for absent and forbidden.
    """
    piece = Evidence.objects.select_related("blob").filter(pk=evidence_id).first()
    if piece is None or viewer.account_id is None or not viewer.allows("evidence:read"):
        raise EvidenceError("evidence.not_visible")
    own = piece.matter_id is None and piece.uploader_id == viewer.account_id
    through_matter = piece.matter_id is not None and bool(_rules) and _rules[0](viewer, piece.matter_id)
    if not (own or through_matter):
        raise EvidenceError("evidence.not_visible")
    return piece
