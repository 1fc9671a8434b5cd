"""The only way to a piece of evidence (证据访问)."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.db import connection

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
    matters = _matters(piece)
    own = not matters and piece.uploader_id == viewer.account_id
    if not own and not any(_rules and _rules[0](viewer, matter) for matter in matters):
        raise EvidenceError("evidence.not_visible")
    return piece


def _matters(piece: Evidence) -> list[int]:
    """The matters a piece belongs to: the one it was given to, and those whose journal names its bytes."""
    with connection.cursor() as cursor:
        cursor.execute("select matter_id from piece where sha256 = %s order by matter_id", [piece.blob_id])
        named = [row[0] for row in cursor.fetchall()]
    return [*([] if piece.matter_id is None else [piece.matter_id]), *named]
