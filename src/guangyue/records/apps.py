"""The records as a Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

__all__ = ["RecordsConfig"]


class RecordsConfig(AppConfig):
    """Matters, journal, deadlines, outbox, seals (案卷)."""

    name = "guangyue.records"
    label = "records"
    verbose_name = _("Records")
