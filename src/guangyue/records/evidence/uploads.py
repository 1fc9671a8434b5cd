"""Resumable uploads: what has arrived survives a lost line, a crash and a restart (断点续传).

The bytes on disk are the only truth about how far an upload has come; the row says whose it is and how long it will be.
One part at a time is written, guarded by a lock on the file itself, so no database connection waits for a slow line.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO

from django.db import transaction

from guangyue.city import clock
from guangyue.city.models import Account
from guangyue.city.personal.stray import without
from guangyue.records.evidence.errors import EvidenceError
from guangyue.records.evidence.installed import arriving, store
from guangyue.records.evidence.models import Blob, Evidence, Upload
from guangyue.records.evidence.receive import MOST_BYTES, Origin, receive, remove_unnamed
from guangyue.records.evidence.store import sync_folder

__all__ = ["ALGORITHMS", "KEPT", "MOST_OPEN", "append", "begin", "find", "finish", "offset", "sweep", "terminate"]

KEPT = timedelta(days=7)
"""How long an unfinished upload waits for its next part."""
MOST_OPEN = 200
"""Unfinished uploads of one account; a day in the field without network makes fewer."""
ALGORITHMS = ("sha256", "sha1", "sm3")
"""Checksums of parts; SHA-1 because tus demands it."""
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_CHUNK = 64 << 10
_MIB = 1 << 20
_ORPHAN_AFTER = timedelta(days=1)


def begin(account: Account, length: int, *, captured_sha256: str = "", name: str = "", device: str = "") -> Upload:
    """Begin an upload of `length` bytes.

    Raises:
        EvidenceError: ``evidence.empty``, ``evidence.too_large``, ``upload.header`` (not a digest), ``upload.too_many``.
    """
    if length < 1:
        raise EvidenceError("evidence.empty")
    if length > MOST_BYTES:
        raise EvidenceError("evidence.too_large", most=MOST_BYTES // _MIB)
    if captured_sha256 and not _DIGEST.fullmatch(captured_sha256):
        raise EvidenceError("upload.header", header="sha256")
    now = clock.now()
    running = Upload.objects.filter(account=account, evidence=None, refused="", expires_at__gt=now)
    if running.count() >= MOST_OPEN:
        raise EvidenceError("upload.too_many", most=MOST_OPEN)
    upload = Upload(
        account=account,
        length=length,
        captured_sha256=captured_sha256,
        name=without(Path(name.replace("\\", "/")).name)[:120],
        device=without(device)[:60],
        created_at=now,
        expires_at=now + KEPT,
    )
    path = _path(upload.id)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    sync_folder(path.parent)
    upload.save(force_insert=True)
    return upload


def find(account: Account, upload_id: uuid.UUID) -> Upload:
    """An upload of this account, running or finished.

    Raises:
        EvidenceError: ``evidence.not_visible`` (none, or another's), ``upload.gone`` (expired or refused).
    """
    upload = Upload.objects.select_related("evidence").filter(pk=upload_id, account=account).first()
    if upload is None:
        raise EvidenceError("evidence.not_visible")
    if upload.refused or (upload.evidence_id is None and upload.expires_at <= clock.now()):
        raise EvidenceError("upload.gone")
    return upload


def offset(upload: Upload) -> int:
    """How many bytes have arrived."""
    if upload.evidence_id is not None:
        return upload.length
    try:
        return _path(upload.id).stat().st_size
    except FileNotFoundError:
        raise EvidenceError("upload.gone") from None


def append(upload: Upload, at: int, read: Callable[[int], bytes], checksum: tuple[str, bytes] | None = None) -> int:
    """Write one part; what arrived before the line broke is kept, unless a checksum was promised for the whole part.

    Args:
        upload: a running upload.
        at: where the part begins; must be where the upload stands.
        read: gives up to n bytes, empty at the end; may raise OSError when the line breaks.
        checksum: algorithm and digest of the part.

    Returns:
        The new offset, synced to disk.

    Raises:
        EvidenceError: ``upload.busy``, ``upload.offset``, ``upload.longer``, ``upload.checksum``.
    """
    with _locked(upload) as file:
        start = file.seek(0, os.SEEK_END)
        if at != start:
            raise EvidenceError("upload.offset", offset=start)
        keep = start
        try:
            keep = _pour(file, upload.length - start, read, checksum)
        except OSError:
            # Without a promised checksum every byte that arrived is good.
            keep = start if checksum else file.tell()
            raise
        finally:
            file.truncate(keep)
            file.flush()
            os.fsync(file.fileno())
        return keep


def _pour(file: IO[bytes], room: int, read: Callable[[int], bytes], checksum: tuple[str, bytes] | None) -> int:
    """Write what is read to the end of a file; returns the new end."""
    summed = hashlib.new(checksum[0]) if checksum else None
    while part := read(_CHUNK):
        room -= len(part)
        if room < 0:
            raise EvidenceError("upload.longer")
        file.write(part)
        if summed:
            summed.update(part)
    if checksum and summed and not hmac.compare_digest(summed.digest(), checksum[1]):
        raise EvidenceError("upload.checksum")
    return file.tell()


def finish(upload: Upload) -> Evidence:
    """Turn a complete upload into evidence; asking again gives the same piece.

    Raises:
        EvidenceError: as `receive`; the upload is then over and its bytes are removed.
    """
    if done := _evidence_of(upload):
        return done
    with _locked(upload):
        if done := _evidence_of(upload):
            return done
        path = _path(upload.id)
        origin = Origin(
            account=upload.account,
            received_at=clock.now(),
            captured_sha256=upload.captured_sha256,
            device=upload.device,
            name=upload.name,
        )
        # Received from a second name: a crash between storing and committing leaves the upload as it was.
        spare = path.with_suffix(".whole")
        spare.unlink(missing_ok=True)
        spare.hardlink_to(path)
        try:
            with transaction.atomic():
                evidence = receive(spare, origin)
                Upload.objects.filter(pk=upload.pk).update(evidence=evidence)
        except EvidenceError as refused:
            Upload.objects.filter(pk=upload.pk).update(refused=refused.code)
            path.unlink(missing_ok=True)
            raise
        finally:
            spare.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        upload.evidence = evidence
        return evidence


def terminate(upload: Upload) -> None:
    """Give an unfinished upload up.

    Raises:
        EvidenceError: ``upload.busy``, or ``upload.gone`` for a finished one: evidence is not taken back.
    """
    if not upload.open:
        raise EvidenceError("upload.gone")
    with _locked(upload):
        _path(upload.id).unlink(missing_ok=True)
        upload.delete()


def sweep() -> tuple[int, int]:
    """Remove expired uploads, and stored bytes that no row names; run daily. Returns how many of each."""
    now = clock.now()
    over = Upload.objects.filter(evidence=None, expires_at__lte=now)
    expired = list(over.values_list("pk", flat=True))
    for upload_id in expired:
        _path(upload_id).unlink(missing_ok=True)
    over.filter(pk__in=expired).delete()
    folder, known = arriving(), {str(pk) for pk in Upload.objects.values_list("pk", flat=True)}
    for path in folder.iterdir():
        if path.stem not in known and now.timestamp() - path.stat().st_mtime > _ORPHAN_AFTER.total_seconds():
            path.unlink(missing_ok=True)
    unnamed = [n for n in store().names() if not Blob.objects.filter(pk=n, removed_at=None).exists()]
    return len(expired), sum(remove_unnamed(n) for n in unnamed)


def _evidence_of(upload: Upload) -> Evidence | None:
    """What became of an upload, as the database knows it now."""
    return Evidence.objects.select_related("blob").filter(upload=upload.pk).first()


@contextmanager
def _locked(upload: Upload) -> Iterator[IO[bytes]]:
    """The upload's file, nobody else's for the time."""
    try:
        file = _path(upload.id).open("r+b")
    except FileNotFoundError:
        raise EvidenceError("upload.gone") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EvidenceError("upload.busy") from None
        yield file


def _path(upload_id: uuid.UUID) -> Path:
    return arriving() / str(upload_id)
