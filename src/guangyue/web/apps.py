"""The faces as a Django application: templates, tags, translations."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, API, console, field app, portal."""

    name = "guangyue.web"
    label = "web"
