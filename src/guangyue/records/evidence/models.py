"""Pieces of evidence, the bytes they name, and uploads that are still running."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from guangyue.city.geo.position import Position
from guangyue.law.override import override
from guangyue.records.evidence.fingerprint import Fingerprint, unsigned

__all__ = ["Blob", "Evidence", "Upload"]


class Blob(models.Model):
    """Bytes in the store, once, and what can be read from them alone (文件).

    Attributes:
        sha256: hex; the name of the bytes.
        taken_at: capture time by the file's own word; `offset_assumed` when it named no offset.
        until: the end, for recordings.
        lat, lon: WGS-84 by the file's own word.
        details: whatever else the file says, in words.
        dhash, phash: the picture's fingerprint, as signed 64-bit numbers.
        bands: index keys of the pHash.
    """

    sha256 = models.CharField(max_length=64, primary_key=True, db_collation="C")
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    offset_assumed = models.BooleanField(default=False)
    until = models.DateTimeField(null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    details = models.JSONField(default=dict)
    dhash = models.BigIntegerField(null=True)
    phash = models.BigIntegerField(null=True)
    bands = ArrayField(models.IntegerField(), null=True)
    stored_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (GinIndex(fields=["bands"], name="evidence_blob_bands", fastupdate=False),)

    @override
    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def position(self) -> Position | None:
        """Where the file says it was made."""
        return None if self.lat is None or self.lon is None else Position(self.lat, self.lon)

    @property
    def fingerprint(self) -> Fingerprint | None:
        """The picture's fingerprint."""
        if self.dhash is None or self.phash is None:
            return None
        return Fingerprint(unsigned(self.dhash), unsigned(self.phash))


class Evidence(models.Model):
    """One piece of evidence: these bytes, handed in by this person at this time (证据).

    Attributes:
        matter_id: the matter it belongs to, once a command has brought it.
        captured_sha256: the digest the device took at capture; empty when it took none.
        device: the serial number of the device, where one is known.
        earlier: a piece that shows the same picture and was received before; a hint for the reviewer, never a verdict.
        disposed_at: its retention is over and the bytes are gone; the row stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="pieces")
    matter_id = models.BigIntegerField(null=True, db_index=True)
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    device = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=120, blank=True)
    captured_sha256 = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    earlier = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="later")
    disposed_at = models.DateTimeField(null=True)
    disposed_for = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = (models.Index(fields=["uploader", "-received_at"], name="evidence_by_uploader"),)

    @override
    def __str__(self) -> str:
        return str(self.id)


class Upload(models.Model):
    """A resumable upload; its bytes lie in the store's arriving folder under its id, and their number is its offset.

    Attributes:
        length: announced size in bytes.
        captured_sha256: digest at capture, announced when the upload began.
        evidence: what became of it.
        refused: the code of the refusal, when nothing became of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    length = models.BigIntegerField()
    captured_sha256 = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=120, blank=True)
    device = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, null=True, related_name="upload")
    refused = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = (models.Index(fields=["expires_at"], name="evidence_upload_expiry"),)

    @override
    def __str__(self) -> str:
        return str(self.id)

    @property
    def open(self) -> bool:
        """Whether more may arrive."""
        return self.evidence_id is None and not self.refused
