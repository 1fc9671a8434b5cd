"""Figures as a Django application: the rollups that a board reads."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

__all__ = ["FiguresConfig"]


class FiguresConfig(AppConfig):
    """Figures (统计)."""

    name = "guangyue.records.figures"
    label = "figures"
    verbose_name = _("Figures")
