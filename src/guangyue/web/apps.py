"""The faces as a Django application: templates, tags, translations; and the place where the house is wired together."""

from __future__ import annotations

from django.apps import AppConfig
from typing_extensions import override


class WebConfig(AppConfig):
    """Pages, API, console, field app, portal."""

    name = "guangyue.web"
    label = "web"

    @override
    def ready(self) -> None:
        """Brings the desks' procedures to the records, remembers sign-ins."""
        from guangyue.web import shifts
        from guangyue.web.wiring import register_desks

        register_desks()
        shifts.connect()
