"""Where evidence is uploaded and looked at."""

from __future__ import annotations

from django.urls import path

from guangyue.records.evidence import tus

urlpatterns = [
    path("uploads/", tus.upload_list, name="evidence_uploads"),
    path("uploads/<uuid:upload_id>", tus.upload, name="evidence_upload"),
    path("<uuid:evidence_id>/file", tus.evidence_file, name="evidence_file"),
]
