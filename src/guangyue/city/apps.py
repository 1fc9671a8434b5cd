"""The city as a Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

__all__ = ["CityConfig"]


class CityConfig(AppConfig):
    """Agencies, units, people, roles, places, devices, the duty roster, accounts (城市)."""

    name = "guangyue.city"
    label = "city"
    verbose_name = _("City")

    @override
    def ready(self) -> None:
        from guangyue.city.accounts.signals import connect
        from guangyue.city.personal.installed import forget

        connect()

        # A migrated, restored or flushed database may hold other data keys than those in memory.
        post_migrate.connect(forget, sender=self, dispatch_uid="guangyue.city.personal.forget")
