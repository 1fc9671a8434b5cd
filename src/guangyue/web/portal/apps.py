"""The portal as a Django application, for its two small tables."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Attempts and ratings."""

    name = "guangyue.web.portal"
    label = "portal"
