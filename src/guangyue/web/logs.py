"""What Django says of requests, without the numbers people type into addresses (日志脱敏)."""

from __future__ import annotations

import logging

from typing_extensions import override

from guangyue.city.personal.stray import without

__all__ = ["Numberless", "numberless"]

_SPEAK_OF_REQUESTS = ("django.request", "django.server", "django.security.csrf", "django.security.DisallowedHost")


class Numberless(logging.Filter):
    """Takes identity and telephone numbers out of a line before any handler sees it."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(without(a) if isinstance(a, str) else a for a in record.args)
        record.msg = without(str(record.msg))
        return True


def numberless() -> None:
    """Puts the filter before the loggers that repeat what a request says."""
    for name in _SPEAK_OF_REQUESTS:
        logger = logging.getLogger(name)
        if not any(isinstance(f, Numberless) for f in logger.filters):
            logger.addFilter(Numberless())
