"""From a complete file to a piece of evidence: compare, examine, store, and only then name it (证据入库)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from guangyue.city.models import Account
from guangyue.city.personal.stray import without
from guangyue.kernel.command import Piece
from guangyue.records.evidence.errors import EvidenceError
from guangyue.records.evidence.examine import Findings, examine
from guangyue.records.evidence.fingerprint import NEAR_D, NEAR_P, bands, probes, signed
from guangyue.records.evidence.installed import store
from guangyue.records.evidence.media import MediaType, kind_of
from guangyue.records.evidence.models import Blob, Evidence
from guangyue.records.evidence.store import digest_of

__all__ = ["MOST_BYTES", "Origin", "dispose", "piece_of", "receive", "remove_unnamed", "same_picture"]

MOST_BYTES = 64 << 20
_MIB = 1 << 20
# Two walks, each by an index of its own; how many bits differ is counted where the candidates are.
_SAME = """
    select e.* from evidence_evidence e join (
        select %(sha256)s as sha256
        union select b.sha256 from evidence_blob b
        where b.bands && %(keys)s::integer[] and bit_count((b.phash # %(phash)s::bigint)::bit(64)) <= %(near_p)s
            and bit_count((b.dhash # %(dhash)s::bigint)::bit(64)) <= %(near_d)s
    ) same on same.sha256 = e.blob_id
    where e.disposed_at is null order by e.received_at, e.id limit 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who handed a file in, and what the device said of it.

    Attributes:
        captured_sha256: the digest taken at capture; empty when the device took none.
    """

    account: Account
    received_at: datetime
    captured_sha256: str = ""
    device: str = ""
    name: str = ""


def receive(path: Path, origin: Origin) -> Evidence:
    """Take a complete file over; it is gone from `path` afterwards unless it is refused.

    The bytes are durable before the commit that names them, so a row never names bytes that a power cut took. A crash in
    between leaves bytes nobody names; `guangyue.records.evidence.uploads.sweep` finds them.

    Raises:
        EvidenceError: ``evidence.too_large``, ``evidence.digest``, or as `examine`.
    """
    if path.stat().st_size > MOST_BYTES:
        raise EvidenceError("evidence.too_large", most=MOST_BYTES // _MIB)
    with path.open("rb") as stream:
        sha256 = digest_of(stream)
    if origin.captured_sha256 and origin.captured_sha256 != sha256:
        raise EvidenceError("evidence.digest")
    size, findings = path.stat().st_size, examine(path)
    with transaction.atomic():
        # Held against `dispose`, which could otherwise remove the bytes between our storing and our naming them.
        _hold(sha256)
        store().put(path, sha256)
        blob = _blob(sha256, size, findings, origin.received_at)
        return Evidence.objects.create(
            blob=blob,
            uploader=origin.account,
            device=without(origin.device),
            name=without(origin.name),
            captured_sha256=origin.captured_sha256,
            received_at=origin.received_at,
            earlier=same_picture(blob),
        )


def same_picture(blob: Blob) -> Evidence | None:
    """The earliest piece that shows the same picture: the same bytes, or near fingerprints."""
    mine = blob.fingerprint
    asked = {"sha256": blob.sha256, "near_p": NEAR_P, "near_d": NEAR_D, "phash": blob.phash, "dhash": blob.dhash}
    keys = probes(mine.phash) if mine else []
    return next(iter(Evidence.objects.raw(_SAME, asked | {"keys": keys})), None)


def piece_of(evidence: Evidence, set_code: str, *, panorama: bool = False, plate_legible: bool = False) -> Piece:
    """A piece as the kernel weighs it; what a person must judge (panorama, legible plate) is said by the caller."""
    blob = evidence.blob
    return Piece(
        set=set_code,
        sha256=blob.sha256,
        taken_at=blob.taken_at,
        until=blob.until,
        kind=kind_of(MediaType(blob.media_type)),
        panorama=panorama,
        plate_legible=plate_legible,
        located=blob.position is not None,
    )


@transaction.atomic
def dispose(evidence: Evidence, basis: str, at: datetime) -> bool:
    """End a piece's retention (证据销毁). Returns whether the bytes went: other pieces may still need them."""
    evidence = Evidence.objects.select_for_update().select_related("blob").get(pk=evidence.pk)
    _hold(evidence.blob_id)
    Evidence.objects.filter(pk=evidence.pk, disposed_at=None).update(disposed_at=at, disposed_for=basis)
    if Evidence.objects.filter(blob=evidence.blob_id, disposed_at=None).exists():
        return False
    Blob.objects.filter(pk=evidence.blob_id).update(
        removed_at=at, taken_at=None, until=None, lat=None, lon=None, details={}, dhash=None, phash=None, bands=None
    )
    sha256 = evidence.blob_id
    transaction.on_commit(lambda: remove_unnamed(sha256))
    return True


@transaction.atomic
def remove_unnamed(sha256: str) -> bool:
    """Remove bytes that no piece names; those being named at this moment are waited for."""
    _hold(sha256)
    if Evidence.objects.filter(blob=sha256, disposed_at=None).exists():
        return False
    return store().remove(sha256)


def _hold(sha256: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('evidence:' || %s, 0))", [sha256])


def _blob(sha256: str, size: int, findings: Findings, at: datetime) -> Blob:
    where, looks = findings.position, findings.fingerprint
    values = {
        "size": size,
        "media_type": findings.media_type.value,
        "width": findings.width,
        "height": findings.height,
        "taken_at": findings.taken_at,
        "offset_assumed": findings.offset_assumed,
        "until": findings.until,
        "lat": where.lat if where else None,
        "lon": where.lon if where else None,
        "details": findings.details,
        "dhash": signed(looks.dhash) if looks else None,
        "phash": signed(looks.phash) if looks else None,
        "bands": bands(looks.phash) if looks else None,
        "removed_at": None,
    }
    blob, made = Blob.objects.get_or_create(sha256=sha256, defaults=values | {"stored_at": at})
    if not made and blob.removed_at is not None:
        Blob.objects.filter(pk=sha256).update(**values, stored_at=at)
        blob.refresh_from_db()
    return blob
