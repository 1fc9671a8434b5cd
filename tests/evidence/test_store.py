"""The store: durable before named, once, unchangeable; and what a crash leaves behind."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from tests.evidence import pictures
from tests.evidence.people import START, account

from guangyue.city.viewer import NOBODY, viewer_for
from guangyue.records.evidence import receive as receiving
from guangyue.records.evidence import uploads
from guangyue.records.evidence.access import access_evidence, decide_matters_with
from guangyue.records.evidence.errors import EvidenceError
from guangyue.records.evidence.models import Blob, Evidence, Upload
from guangyue.records.evidence.receive import MOST_BYTES, Origin, dispose, piece_of, receive
from guangyue.records.evidence.store import FolderStore

PHOTO = pictures.jpeg(pictures.scene(1), exif=pictures.exif_of())


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def arriving(folder: FolderStore, data: bytes, name: str = "x") -> Path:
    path = folder.scratch() / name
    path.write_bytes(data)
    return path


def hand_in(folder, who, data=PHOTO, **origin) -> Evidence:
    return receive(arriving(folder, data), Origin(account=who, received_at=origin.pop("at", START), **origin))


def test_bytes_lie_under_their_digest_and_nobody_may_write_them(folder):
    folder.put(arriving(folder, PHOTO), sha(PHOTO))
    path = folder.root / sha(PHOTO)[:2] / sha(PHOTO)[2:4] / sha(PHOTO)
    assert path.read_bytes() == PHOTO
    assert stat.S_IMODE(path.stat().st_mode) == 0o440
    assert list(folder.names()) == [sha(PHOTO)]
    assert not list(folder.scratch().iterdir())
    folder.verify(sha(PHOTO))


def test_the_same_bytes_are_kept_once_and_a_damaged_copy_is_replaced(folder):
    folder.put(arriving(folder, PHOTO), sha(PHOTO))
    path = folder._path(sha(PHOTO))
    first = path.stat().st_ino
    folder.put(arriving(folder, PHOTO), sha(PHOTO))
    assert path.stat().st_ino == first
    path.chmod(0o600)
    path.write_bytes(PHOTO[:-1])
    with pytest.raises(EvidenceError, match=r"evidence\.altered"):
        folder.verify(sha(PHOTO))
    folder.put(arriving(folder, PHOTO), sha(PHOTO))
    folder.verify(sha(PHOTO))


def test_a_wrong_name_is_refused_and_other_names_lead_nowhere(folder):
    with pytest.raises(EvidenceError, match=r"evidence\.altered"):
        folder.put(arriving(folder, PHOTO), "0" * 64)
    for name in ("../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 64):
        with pytest.raises(EvidenceError, match=r"evidence\.missing"):
            folder.open(name)
    assert folder.remove("0" * 64) is False


@pytest.mark.django_db
def test_file_and_folder_are_synced_before_any_row_names_them(folder, hands, monkeypatch):
    who = account("officer")
    events: list[str] = []
    entered: list[int] = []
    fsync, replace = os.fsync, Path.replace

    def watch_fsync(descriptor):
        found = os.fstat(descriptor)
        kind = "folder" if stat.S_ISDIR(found.st_mode) else "file"
        events.append(f"sync {kind}")
        if kind == "folder" and "rename" not in events:
            entered.append(found.st_ino)
        fsync(descriptor)

    def watch_replace(self, target):
        events.append("rename")
        return replace(self, target)

    def watch_sql(execute, sql, params, many, context):
        if sql.startswith("INSERT INTO") and "evidence_" in sql:
            events.append("row")
        return execute(sql, params, many, context)

    folder.scratch()
    monkeypatch.setattr(os, "fsync", watch_fsync)
    monkeypatch.setattr(Path, "replace", watch_replace)
    with connection.execute_wrapper(watch_sql):
        hand_in(folder, who)
    renamed, first_row = events.index("rename"), events.index("row")
    assert "sync file" in events[:renamed], "the bytes are on disk before they get their name"
    assert "sync folder" in events[renamed:first_row], "the name is on disk before a row gives it away"
    above = [folder.root.parent, folder.root, folder.root / sha(PHOTO)[:2]]
    assert entered == [p.stat().st_ino for p in above], "new folders are entered durably as well, and the store's own"


def test_a_folder_that_somebody_else_has_just_made_is_entered_durably_too(folder, monkeypatch):
    made = folder.root / sha(PHOTO)[:2] / sha(PHOTO)[2:4]
    made.mkdir(parents=True)  # by another process, which has not synced it yet
    synced: list[Path] = []
    monkeypatch.setattr("guangyue.records.evidence.store.sync_folder", synced.append)
    folder.put(arriving(folder, PHOTO), sha(PHOTO))
    assert {folder.root, made.parent, made} <= set(synced)
    synced.clear()
    folder.put(arriving(folder, PHOTO), sha(PHOTO))
    assert synced == [made], "once is enough"


@pytest.mark.django_db
def test_a_crash_before_the_row_leaves_bytes_that_the_sweep_finds(folder, hands, monkeypatch):
    who = account("officer")

    def crash(*_args):
        raise MemoryError

    monkeypatch.setattr(receiving, "_blob", crash)
    with pytest.raises(MemoryError):
        hand_in(folder, who)
    monkeypatch.undo()
    assert list(folder.names()) == [sha(PHOTO)]
    assert not Evidence.objects.exists()
    assert uploads.sweep() == (0, 1)
    assert not list(folder.names())


@pytest.mark.django_db
def test_the_sweep_leaves_named_bytes_alone(folder, hands):
    hand_in(folder, account("officer"))
    assert uploads.sweep() == (0, 0)
    folder.verify(sha(PHOTO))


@pytest.mark.django_db
def test_what_is_known_of_a_piece(folder, hands):
    piece = hand_in(folder, account("officer"), captured_sha256=sha(PHOTO), device="D-1", name="a.jpg")
    blob = Blob.objects.get()
    assert (blob.sha256, blob.size, blob.media_type) == (sha(PHOTO), len(PHOTO), "image/jpeg")
    assert blob.position is not None
    assert blob.taken_at == START + timedelta(seconds=5)
    weighed = piece_of(piece, "parking.first", plate_legible=True)
    assert (weighed.sha256, weighed.located, weighed.kind, weighed.plate_legible) == (sha(PHOTO), True, "photo", True)


@pytest.mark.django_db
def test_a_digest_taken_at_capture_is_compared(folder, hands):
    who = account("officer")
    with pytest.raises(EvidenceError, match=r"evidence\.digest"):
        hand_in(folder, who, captured_sha256=sha(b"other"))
    assert not Evidence.objects.exists()
    assert not list(folder.names())
    with pytest.raises(EvidenceError, match=r"evidence\.too_large"):
        hand_in(folder, who, data=bytes(MOST_BYTES + 1))


@pytest.mark.django_db
def test_an_earlier_photograph_is_named_whatever_was_done_to_it(folder, hands):
    first, second = account("one"), account("two")
    original = hand_in(folder, first, at=START)
    assert original.earlier is None
    smaller = pictures.jpeg(pictures.scene(1).resize((640, 480)), quality=60)
    assert hand_in(folder, second, data=smaller, at=START + timedelta(days=3)).earlier == original
    assert hand_in(folder, second, at=START + timedelta(days=4)).earlier == original
    assert hand_in(folder, second, data=pictures.jpeg(pictures.scene(2)), at=START + timedelta(days=5)).earlier is None


@pytest.mark.django_db
def test_the_search_for_earlier_photographs_uses_its_index(folder, hands):
    hand_in(folder, account("officer"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "evidence_blob_bands" in Blob.objects.filter(bands__overlap=[1, 2, 3]).explain()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM evidence_evidence",
        "UPDATE evidence_evidence SET captured_sha256 = 'x'",
        "UPDATE evidence_evidence SET received_at = now()",
        "UPDATE evidence_evidence SET uploader_id = uploader_id + 1",
        "DELETE FROM evidence_blob",
        "UPDATE evidence_blob SET size = 1",
    ],
)
def test_rows_of_evidence_do_not_change(folder, hands, change):
    piece = hand_in(folder, account("officer"))
    Evidence.objects.filter(pk=piece.pk).update(matter_id=7)
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Evidence.objects.filter(pk=piece.pk).update(matter_id=8)


@pytest.mark.django_db(transaction=True)
def test_disposal_ends_the_bytes_only_when_nobody_needs_them(folder, hands):
    one, two = account("one"), account("two")
    first, second = hand_in(folder, one), hand_in(folder, two)
    assert dispose(first, "retention over", START + timedelta(days=9)) is False
    folder.verify(sha(PHOTO))
    assert dispose(second, "retention over", START + timedelta(days=9)) is True
    assert not list(folder.names())
    blob = Blob.objects.get()
    assert (blob.lat, blob.details, blob.phash, blob.sha256) == (None, {}, None, sha(PHOTO))
    assert hand_in(folder, one, at=START + timedelta(days=10)).earlier is None
    blob.refresh_from_db()
    assert blob.position is not None
    assert blob.removed_at is None


@pytest.mark.django_db
def test_evidence_is_seen_by_its_uploader_until_a_matter_decides(folder, hands):
    one, two = account("one"), account("two")
    piece = hand_in(folder, one)
    mine, theirs = (viewer_for(a, at=START, strong=True) for a in (one, two))
    assert access_evidence(mine, piece.pk) == piece
    for stranger in (theirs, NOBODY, viewer_for(one, at=START, strong=True, scopes=frozenset({"evidence:write"}))):
        with pytest.raises(EvidenceError, match=r"evidence\.not_visible"):
            access_evidence(stranger, piece.pk)
    Evidence.objects.filter(pk=piece.pk).update(matter_id=7)
    for viewer in (mine, theirs):
        with pytest.raises(EvidenceError, match=r"evidence\.not_visible"):
            access_evidence(viewer, piece.pk)
    decide_matters_with(lambda viewer, matter: viewer.account_id == two.pk and matter == 7)
    assert access_evidence(theirs, piece.pk) == piece
    with pytest.raises(EvidenceError, match=r"evidence\.not_visible"):
        access_evidence(mine, piece.pk)


@pytest.mark.django_db
def test_finishing_twice_after_a_crash_gives_one_piece(folder, hands, monkeypatch):
    upload = uploads.begin(account("officer"), len(PHOTO))
    uploads.append(upload, 0, io.BytesIO(PHOTO).read)
    real = receiving._blob

    def crash(*_args):
        raise MemoryError

    monkeypatch.setattr(receiving, "_blob", crash)
    with pytest.raises(MemoryError):
        uploads.finish(upload)
    monkeypatch.setattr(receiving, "_blob", real)
    assert uploads.offset(Upload.objects.get()) == len(PHOTO), "nothing that arrived is lost"
    piece = uploads.finish(Upload.objects.get())
    assert uploads.finish(Upload.objects.get()) == piece
    assert Evidence.objects.count() == 1
    assert uploads.sweep() == (0, 0)
