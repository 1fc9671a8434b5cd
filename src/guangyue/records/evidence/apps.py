"""Evidence as a Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

__all__ = ["EvidenceConfig"]


class EvidenceConfig(AppConfig):
    """Files that prove something (证据)."""

    name = "guangyue.records.evidence"
    label = "evidence"
    verbose_name = _("Evidence")
