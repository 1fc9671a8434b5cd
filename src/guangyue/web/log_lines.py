"""One JSON object a line, for the pages and the libraries under them; each line of a request carries its number (日志).

A request's number comes with it (``X-Request-ID``, from the proxy before us) or is made here; it goes back in the answer,
so that whoever reports a fault can name it. A line names the route, never the address, and no person. Requests are told
when they fail or last longer than two seconds, and all of them with ``GUANGYUE_LOG_REQUESTS=on``.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import time
from typing import TYPE_CHECKING, Any

import structlog
from typing_extensions import override

from guangyue.serve.scrub import scrub

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

__all__ = ["LOGGING", "Named", "Quiet"]

log = structlog.get_logger()
SLOW = 2.0
_GIVEN = re.compile(r"[A-Za-z0-9_.-]{8,64}")
_BEFORE: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


class Quiet(logging.Filter):
    """Django quotes addresses and hosts in its lines; what stays is what kind of line it was."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        status = getattr(record, "status_code", None)
        record.msg = "request.failed" if record.name == "django.request" else record.name
        if status is not None:
            record.msg = f"{record.msg} {status}"
        record.args = ()
        return True


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"quiet": {"()": "guangyue.web.log_lines.Quiet"}},
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": [*_BEFORE, structlog.stdlib.add_logger_name],
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                scrub,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        },
    },
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["lines"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["lines"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["lines"], "filters": ["quiet"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["lines"], "filters": ["quiet"], "level": "ERROR", "propagate": False},
        "django.security.DisallowedHost": {
            "handlers": ["lines"], "filters": ["quiet"], "level": "ERROR", "propagate": False,
        },
    },
}  # fmt: skip
"""For Django's settings. A fault of a page is told with its traceback, without the values of variables."""


class Named:
    """Middleware: gives each request its number, and tells of those that failed or took long."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._next = get_response
        self._all = os.environ.get("GUANGYUE_LOG_REQUESTS") == "on"

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        given = request.headers.get("X-Request-ID", "")
        number = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=number):
            answer = self._next(request)
            seconds = time.perf_counter() - began
            if self._all or seconds > SLOW or answer.status_code >= 500:  # noqa: PLR2004 - a fault of ours
                found = request.resolver_match
                tell = log.error if answer.status_code >= 500 else log.info  # noqa: PLR2004 - likewise
                tell(
                    "request", route=found.view_name if found else "none", method=request.method,
                    status=answer.status_code, ms=round(1000 * seconds),
                )  # fmt: skip
        answer.headers["X-Request-ID"] = number
        return answer
