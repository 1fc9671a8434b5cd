"""``/metrics``: all figures in OpenMetrics form, for the operator's collector and the installation's administrators.

A collector brings the token of ``GUANGYUE_METRICS_TOKEN`` (or of the file ``GUANGYUE_METRICS_TOKEN_FILE``) as
``Authorization: Bearer``; an administrator their session. To everybody else there is nothing here.
"""

from __future__ import annotations

import hmac
import os
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guangyue.city.viewer import viewer_of
from guangyue.web.console.programs import READERS
from guangyue.web.metrics import counting

__all__ = ["metrics", "text"]

SHORTEST = 16
"""Characters that a token has at least; a shorter one is no token."""


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, or nothing."""
    if not (_brings_token(request) or viewer_of(request).holds(*READERS)):
        raise Http404
    from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST

    return HttpResponse(text(), content_type=CONTENT_TYPE_LATEST)


def text() -> bytes:
    """All processes' counts and everything that is read now."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector
    from prometheus_client.openmetrics.exposition import generate_latest

    from guangyue.web.metrics.reading import Figures

    counting.tidy()
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(counting.FOLDER))  # type: ignore[no-untyped-call]  # the library's
    registry.register(Figures())
    said: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]  # the library's
    return said


def _brings_token(request: HttpRequest) -> bool:
    wanted = os.environ.get("GUANGYUE_METRICS_TOKEN", "")
    if not wanted and (file := os.environ.get("GUANGYUE_METRICS_TOKEN_FILE")):
        wanted = Path(file).read_text("utf-8").strip()
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return len(wanted) >= SHORTEST and kind == "Bearer" and hmac.compare_digest(given.encode(), wanted.encode())
