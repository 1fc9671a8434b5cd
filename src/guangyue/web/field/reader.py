"""Reading a plate for a phone that has a network."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from guangyue.city.viewer import viewer_of
from guangyue.kernel.grammar import T
from guangyue.web.plates import PhotoError, ReaderBusyError, ReaderMissingError, read_plates
from guangyue.web.templatetags.guangyue import say

__all__ = ["plate"]

MOST_BYTES = 12 << 20
_SAID = {
    "sign_in": (401, T("请先登录", "Please sign in")),
    "access.scope": (403, T("令牌没有这项权限", "The token has no scope for this")),
    "plates.too_large": (413, T("照片超过 12 MB", "The photograph is larger than 12 MB")),
    "plates.no_photo": (422, T("无法打开这张照片", "This photograph cannot be opened")),
    "plates.busy": (503, T("号牌识别正忙，请稍后再试", "Plate reading is busy; try again shortly")),
    "plates.missing": (
        501,
        T(
            "未安装号牌识别组件（pip install 'guangyue[photos]'），请手工输入号牌。",
            "Plate reading is not installed (pip install 'guangyue[photos]'); type the plate.",
        ),
    ),
}


@require_POST
def plate(request: HttpRequest) -> HttpResponse:
    """The plates in the photograph that is the request's body."""
    viewer = viewer_of(request)
    if viewer.account_id is None or not viewer.held:
        return _no("sign_in")
    if not viewer.allows("evidence:write"):
        return _no("access.scope")
    photo = request.read(MOST_BYTES + 1)
    if len(photo) > MOST_BYTES:
        return _no("plates.too_large")
    try:
        seen = read_plates(photo)
    except ReaderMissingError:
        return _no("plates.missing")
    except PhotoError:
        return _no("plates.no_photo")
    except ReaderBusyError:
        return _no("plates.busy")
    return JsonResponse({"plates": [{"plate": s.plate, "kind": s.kind, "score": s.score} for s in seen]})


def _no(code: str) -> JsonResponse:
    status, title = _SAID[code]
    said = {"type": f"urn:guangyue:problem:{code}", "title": str(say(title)), "status": status, "code": code}
    return JsonResponse(said, status=status, content_type="application/problem+json")
