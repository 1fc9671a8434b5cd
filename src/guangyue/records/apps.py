"""The records as a Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

__all__ = ["RecordsConfig"]


class RecordsConfig(AppConfig):
    """Matters, journal, deadlines, outbox, seals (案卷)."""

    name = "guangyue.records"
    label = "records"
    verbose_name = _("Records")

    @override
    def ready(self) -> None:
        from guangyue.city.personal import record_reads_with
        from guangyue.records.access_log import log_reading
        from guangyue.records.evidence.access import decide_matters_with
        from guangyue.records.library import LIBRARY
        from guangyue.records.matters import plate_key, sees_matter

        LIBRARY.find_plates_with(plate_key)
        record_reads_with(log_reading)
        decide_matters_with(sees_matter)
