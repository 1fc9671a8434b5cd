"""The demo as a Django application: its pages; it has no tables."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["DemoConfig"]


class DemoConfig(AppConfig):
    """The pages that only a demonstration has."""

    name = "guangyue.demo"
    label = "demo"
