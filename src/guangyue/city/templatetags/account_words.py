"""One tag for the few words of the account pages: both languages stand side by side where they are used."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from guangyue.law import Text

__all__ = ["register", "words"]

register = template.Library()


@register.simple_tag
def words(zh: str, en: str) -> str:
    """A sentence in the reader's language."""
    return Text(zh, en).of(get_language() or "zh")
