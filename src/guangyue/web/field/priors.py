"""Earlier records of a plate or a party for whoever is about to act, on the phone: they suggest, and each look is on record."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guangyue.city.errors import NotVisibleError
from guangyue.city.viewer import viewer_of
from guangyue.law import Text
from guangyue.records.matters import priors_for

__all__ = ["priors"]

MOST = 5


@never_cache
@require_safe
def priors(request: HttpRequest, matter: str, act: str) -> JsonResponse:
    """What is on record about the matter's subject, where the act consults it; 404 alike for absent and forbidden."""
    viewer = viewer_of(request)
    try:
        found = priors_for(viewer, matter, act) if viewer.account_id is not None else None
    except NotVisibleError:
        found = None
    if found is None:
        return JsonResponse({"code": "not_found", "status": 404}, status=404, content_type="application/problem+json")
    said = {
        "since": found.since.isoformat(),
        "suggests": _words(found.suggests),
        "count": len(found.records),
        "records": [
            {
                "at": r.opened_at.isoformat(), "number": r.number, "where": r.place,
                "said": [_words(t) for t in r.said or (r.outcome,)],
            }
            for r in found.records[:MOST]
        ],
    }  # fmt: skip
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})


def _words(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
