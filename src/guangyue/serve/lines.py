"""What the supervisor and its programs say: one JSON object a line, for the system's journal (日志).

Exceptions are told without the values of variables: drawing them costs seconds of processor time just when everything has
to start anew, and they would bring people's data into the log.
"""

from __future__ import annotations

import sys
from typing import TextIO

import structlog

from guangyue.serve.scrub import scrub

__all__ = ["configure"]


def configure(to: TextIO | None = None) -> None:
    """Set the form of the lines, unless the program has one of its own by now; for people at a terminal a readable one.

    Args:
        to: where they go; standard error by default.
    """
    if structlog.is_configured():
        return
    to = to or sys.stderr
    readable = to.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            scrub,
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
            if readable
            else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(to),
        cache_logger_on_first_use=True,
    )
