"""Resumable uploads over HTTP: tus 1.0 with creation, expiration, checksum and termination (tus.io).

``POST /evidence/uploads/`` begins, ``PATCH`` goes on, ``HEAD`` tells how far it is, ``DELETE`` gives it up. The last part
is answered with ``Evidence-Id``, or with the reason why the file is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import uuid
from collections.abc import Callable, Mapping
from functools import wraps

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from guangyue.city.models import Account
from guangyue.city.viewer import Viewer, viewer_of
from guangyue.records.evidence import uploads
from guangyue.records.evidence.access import access_evidence
from guangyue.records.evidence.errors import EvidenceError
from guangyue.records.evidence.installed import store
from guangyue.records.evidence.media import IMAGES, RECORDINGS, MediaType
from guangyue.records.evidence.models import Upload
from guangyue.records.evidence.receive import MOST_BYTES

__all__ = ["evidence_file", "upload", "upload_list"]

_View = Callable[..., HttpResponseBase]

VERSION = "1.0.0"
_STATUS = {
    "evidence.empty": 400,
    "evidence.too_large": 413,
    "evidence.not_visible": 404,
    "evidence.missing": 410,
    "upload.busy": 423,
    "upload.offset": 409,
    "upload.checksum": 460,
    "upload.longer": 413,
    "upload.gone": 410,
    "upload.too_many": 429,
    "upload.header": 400,
}
_REFUSED = 422
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_MOST_METADATA = 4096
_PART = "application/offset+octet-stream"


def _guarded(scope: str) -> Callable[[_View], _View]:
    """Sign-in, scope, cross-site check, protocol version, and refusals as answers, around a view."""

    def around(view: _View) -> _View:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, **captured: uuid.UUID) -> HttpResponseBase:
            viewer = viewer_of(request)
            if viewer.account_id is None:
                answer: HttpResponseBase = _problem(401, "access.nobody")
                answer["WWW-Authenticate"] = "Bearer"
            elif not viewer.allows(scope):
                answer = _problem(403, "access.scope")
            elif viewer.scopes is None and not _same_site(request):
                answer = _problem(403, "access.cross_site")
            else:
                try:
                    answer = view(request, viewer, **captured)
                except EvidenceError as refused:
                    answer = _refusal(refused)
            answer.headers.setdefault("Cache-Control", "no-store")
            return answer

        return guarded

    return around


@_guarded("evidence:write")
def upload_list(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """``OPTIONS`` tells what is possible, ``POST`` begins an upload."""
    if request.method == "OPTIONS":
        return _answer(
            204,
            Tus_Version=VERSION,
            Tus_Extension="creation,expiration,checksum,termination",
            Tus_Max_Size=str(MOST_BYTES),
            Tus_Checksum_Algorithm=",".join(uploads.ALGORITHMS),
        )
    if wrong := _wrong_version(request):
        return wrong
    if request.method != "POST":
        return _answer(405, Allow="OPTIONS, POST")
    said = _metadata(request.headers.get("Upload-Metadata", ""))
    begun = uploads.begin(
        _account(viewer),
        _count(request, "Upload-Length"),
        captured_sha256=said.get("sha256", "").lower(),
        name=said.get("filename", ""),
        device=said.get("device", ""),
    )
    return _answer(201, Location=f"{request.path}{begun.id}", **_expiry(begun))


@_guarded("evidence:write")
def upload(request: HttpRequest, viewer: Viewer, upload_id: uuid.UUID) -> HttpResponseBase:
    """``HEAD``, ``PATCH`` and ``DELETE`` on one upload."""
    if wrong := _wrong_version(request):
        return wrong
    method = request.headers.get("X-HTTP-Method-Override", request.method or "").upper()
    found = uploads.find(_account(viewer), upload_id)
    match method:
        case "HEAD":
            named = {"Evidence_Id": str(found.evidence_id)} if found.evidence_id else {}
            return _answer(
                200,
                Upload_Offset=str(uploads.offset(found)),
                Upload_Length=str(found.length),
                **named,
                **_expiry(found),
            )
        case "PATCH":
            return _patch(request, found)
        case "DELETE":
            uploads.terminate(found)
            return _answer(204)
        case _:
            return _answer(405, Allow="HEAD, PATCH, DELETE")


@_guarded("evidence:read")
def evidence_file(request: HttpRequest, viewer: Viewer, evidence_id: uuid.UUID) -> HttpResponseBase:
    """The bytes of a piece, for those who may see it; never anything a browser would run."""
    if request.method not in {"GET", "HEAD"}:
        return _answer(405, Allow="GET, HEAD")
    piece = access_evidence(viewer, evidence_id)
    if piece.disposed_at is not None:
        raise EvidenceError("evidence.missing")
    kind = MediaType(piece.blob.media_type)
    ending = kind.value.split("/")[1]
    answer = FileResponse(
        store().open(piece.blob_id),
        as_attachment=kind not in IMAGES | RECORDINGS,
        filename=f"{piece.id}.{ending}",
        content_type=kind.value,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["ETag"] = f'"{piece.blob_id}"'
    return answer


def _patch(request: HttpRequest, found: Upload) -> HttpResponse:
    if request.content_type != _PART:
        return _answer(415)
    at = _count(request, "Upload-Offset")
    checksum = _checksum(request.headers.get("Upload-Checksum", ""))
    if found.evidence_id is not None:
        return _answer(204, Upload_Offset=str(found.length), Evidence_Id=str(found.evidence_id))
    try:
        reached = uploads.append(found, at, request.read, checksum)
    except OSError:  # the line broke; what arrived is on disk, and HEAD tells how much
        return _answer(400)
    if reached < found.length:
        return _answer(204, Upload_Offset=str(reached), **_expiry(found))
    evidence = uploads.finish(found)
    return _answer(204, Upload_Offset=str(reached), Evidence_Id=str(evidence.pk))


def _account(viewer: Viewer) -> Account:
    if viewer.account_id is None:
        raise EvidenceError("evidence.not_visible")
    return Account.objects.get(pk=viewer.account_id)


def _same_site(request: HttpRequest) -> bool:
    """Django's own cross-site check, which the decorator put off until it was known that a cookie signs in."""

    def protected(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    check = CsrfViewMiddleware(protected)
    check.process_request(request)
    return check.process_view(request, protected, (), {}) is None


def _wrong_version(request: HttpRequest) -> HttpResponse | None:
    if request.headers.get("Tus-Resumable") == VERSION:
        return None
    return _answer(412, Tus_Version=VERSION)


def _count(request: HttpRequest, header: str) -> int:
    given = request.headers.get(header, "")
    if not _NUMBER.fullmatch(given):
        raise EvidenceError("upload.header", header=header)
    return int(given)


def _checksum(given: str) -> tuple[str, bytes] | None:
    if not given:
        return None
    algorithm, _, encoded = given.partition(" ")
    digest = _base64(encoded, "Upload-Checksum")
    if algorithm not in uploads.ALGORITHMS or len(digest) != hashlib.new(algorithm).digest_size:
        raise EvidenceError("upload.header", header="Upload-Checksum")
    return algorithm, digest


def _metadata(given: str) -> Mapping[str, str]:
    if len(given) > _MOST_METADATA:
        raise EvidenceError("upload.header", header="Upload-Metadata")
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in given.split(","))):
        key, _, encoded = pair.partition(" ")
        try:
            text = _base64(encoded, "Upload-Metadata").decode()
        except UnicodeDecodeError:
            raise EvidenceError("upload.header", header="Upload-Metadata") from None
        if key in found or "\0" in text:
            raise EvidenceError("upload.header", header="Upload-Metadata")
        found[key] = text
    return found


def _base64(encoded: str, header: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise EvidenceError("upload.header", header=header) from None


def _expiry(found: Upload) -> dict[str, str]:
    return {"Upload_Expires": http_date(found.expires_at.timestamp())} if found.open else {}


def _refusal(refused: EvidenceError) -> HttpResponse:
    answer = _problem(_STATUS.get(refused.code, _REFUSED), refused.code, zh=refused.text.zh, en=refused.text.en)
    if "offset" in refused.params:
        answer["Upload-Offset"] = str(refused.params["offset"])
    return answer


def _problem(status: int, code: str, **sentences: str) -> HttpResponse:
    answer = JsonResponse({"code": code, **sentences}, status=status, content_type="application/problem+json")
    answer["Tus-Resumable"] = VERSION
    return answer


def _answer(status: int, **headers: str) -> HttpResponse:
    answer = HttpResponse(status=status)
    answer["Tus-Resumable"] = VERSION
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    return answer
