"""The links as a Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

__all__ = ["LinksConfig"]


class LinksConfig(AppConfig):
    """Messages out, receipts and registers in."""

    name = "guangyue.links"
    label = "links"
    verbose_name = _("Links")

    @override
    def ready(self) -> None:
        """Serve the outbox channels of this process, and give the desks' papers their printed forms."""
        from guangyue.desks.forms import register_forms
        from guangyue.links.serving import register_all

        register_all()
        register_forms()
