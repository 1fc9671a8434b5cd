"""Resumable uploads as a tus 1.0 client sees them; the last tests cut real lines."""

from __future__ import annotations

import base64
import hashlib
import http.client
import socket
import time
import uuid
from urllib.parse import urlsplit

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evidence import pictures
from tests.evidence.people import account, token

from guangyue.records.evidence import uploads
from guangyue.records.evidence.models import Evidence, Upload

PHOTO = pictures.jpeg(pictures.scene(1), exif=pictures.exif_of())
URL = "/evidence/uploads/"
PART = "application/offset+octet-stream"
TUS = {"Tus-Resumable": "1.0.0"}


def b64(data: bytes | str) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


@pytest.fixture
def officer(db, hands, folder):
    return account("officer")


@pytest.fixture
def tus(officer):
    """A client of an officer's program, with its token."""
    keys = token(officer, "evidence:write", "evidence:read")

    class Program:
        client = Client(raise_request_exception=True)

        def call(self, method: str, url: str = URL, data: bytes = b"", **headers: str):
            said = TUS | keys | {name.replace("_", "-"): value for name, value in headers.items()}
            kind = said.pop("Content-Type", PART)
            return self.client.generic(method, url, data, content_type=kind, headers=said, CONTENT_TYPE=kind)

        def begin(self, length: int = len(PHOTO), **meta: str) -> str:
            said = ",".join(f"{k} {b64(v)}" for k, v in meta.items())
            answer = self.call("POST", Upload_Length=str(length), **({"Upload_Metadata": said} if said else {}))
            assert answer.status_code == 201, answer.content
            return answer["Location"]

        def send(self, url: str, at: int, data: bytes, **headers: str):
            return self.call("PATCH", url, data, Upload_Offset=str(at), **headers)

    return Program()


def test_what_is_possible_is_told(tus):
    answer = tus.call("OPTIONS")
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {"creation", "expiration", "checksum", "termination"}
    assert answer["Tus-Max-Size"] == str(64 * 2**20)
    assert "sha1" in answer["Tus-Checksum-Algorithm"]


def test_in_parts_from_the_first_byte_to_the_piece(tus, officer):
    url = tus.begin(filename="../../街角.jpg", sha256=hashlib.sha256(PHOTO).hexdigest(), device="D-17")
    assert tus.call("HEAD", url)["Upload-Offset"] == "0"
    at = 0
    for cut in (1, 1000, len(PHOTO) - 1):
        answer = tus.send(url, at, PHOTO[at:cut])
        assert (answer.status_code, answer["Upload-Offset"]) == (204, str(cut))
        at = cut
        head = tus.call("HEAD", url)
        assert (head["Upload-Offset"], head["Upload-Length"], head["Cache-Control"]) == (
            str(cut),
            str(len(PHOTO)),
            "no-store",
        )
    answer = tus.send(url, at, PHOTO[at:])
    piece = Evidence.objects.get(pk=answer["Evidence-Id"])
    assert (piece.uploader, piece.name, piece.device) == (officer, "街角.jpg", "D-17")
    assert tus.call("HEAD", url)["Evidence-Id"] == str(piece.pk)
    assert tus.send(url, len(PHOTO), b"")["Evidence-Id"] == str(piece.pk), "asking again is no new piece"
    got = tus.call("GET", f"/evidence/{piece.pk}/file")
    assert b"".join(got.streaming_content) == PHOTO
    assert got["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got["Content-Security-Policy"]
    assert got["Content-Type"] == "image/jpeg"


def test_the_wrong_offset_is_a_conflict_that_tells_the_right_one(tus):
    url = tus.begin()
    tus.send(url, 0, PHOTO[:100])
    for wrong in (0, 99, 101, len(PHOTO)):
        answer = tus.send(url, wrong, PHOTO[wrong : wrong + 10])
        assert (answer.status_code, answer["Upload-Offset"]) == (409, "100")
    assert tus.call("HEAD", url)["Upload-Offset"] == "100"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sm3"])
def test_a_damaged_part_is_thrown_away_whole(tus, algorithm):
    url = tus.begin()
    right = f"{algorithm} {b64(hashlib.new(algorithm, PHOTO[:500]).digest())}"
    assert tus.send(url, 0, b"X" + PHOTO[1:500], Upload_Checksum=right).status_code == 460
    assert tus.call("HEAD", url)["Upload-Offset"] == "0"
    assert tus.send(url, 0, PHOTO[:500], Upload_Checksum=right).status_code == 204


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("POST", {"Upload_Length": "0"}, 400),
        ("POST", {"Upload_Length": "-1"}, 400),
        ("POST", {"Upload_Length": "1e3"}, 400),
        ("POST", {"Upload_Length": "٣"}, 400),
        ("POST", {}, 400),
        ("POST", {"Upload_Length": str(64 * 2**20 + 1)}, 413),
        ("POST", {"Upload_Length": "9" * 19}, 413),
        ("POST", {"Upload_Length": "10", "Upload_Metadata": "sha256 !!!"}, 400),
        ("POST", {"Upload_Length": "10", "Upload_Metadata": "a YQ==,a YQ=="}, 400),
        ("POST", {"Upload_Length": "10", "Upload_Metadata": f"sha256 {b64('nonsense')}"}, 400),
        ("POST", {"Upload_Length": "10", "Upload_Metadata": "a " + "A" * 8000}, 400),
        ("POST", {"Upload_Length": "10", "Tus_Resumable": "0.2.2"}, 412),
        ("PUT", {}, 405),
        ("GET", {}, 405),
    ],
)
def test_wrong_beginnings(tus, method, headers, status):
    answer = tus.call(method, **headers)
    assert answer.status_code == status
    assert answer["Tus-Resumable"] == "1.0.0"
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content_Type": "application/octet-stream"}, 415),
        ({"Upload_Offset": ""}, 400),
        ({"Upload_Offset": "-5"}, 400),
        ({"Upload_Checksum": "md5 1B2M2Y8AsgTpgAmY7PhCfg=="}, 400),
        ({"Upload_Checksum": "sha1 short"}, 400),
        ({"Upload_Checksum": "sha1"}, 400),
        ({"Tus_Resumable": ""}, 412),
    ],
)
def test_wrong_parts(tus, headers, status):
    url = tus.begin()
    answer = tus.call("PATCH", url, PHOTO[:10], **({"Upload_Offset": "0"} | headers))
    assert answer.status_code == status
    assert tus.call("HEAD", url)["Upload-Offset"] == "0"


def test_more_than_announced_is_refused_and_not_kept(tus):
    url = tus.begin(length=100)
    assert tus.send(url, 0, PHOTO[:101]).status_code == 413
    assert tus.call("HEAD", url)["Upload-Offset"] == "0"


def test_a_part_through_a_proxy_that_knows_no_patch(tus):
    url = tus.begin()
    answer = tus.call("POST", url, PHOTO[:10], Upload_Offset="0", X_HTTP_Method_Override="PATCH")
    assert (answer.status_code, answer["Upload-Offset"]) == (204, "10")


@pytest.mark.parametrize(
    ("data", "meta", "code"),
    [
        (PHOTO, {"sha256": "0" * 64}, "evidence.digest"),
        (b"MZ" + bytes(200), {}, "evidence.type"),
        (PHOTO[:2000], {}, "evidence.damaged"),
    ],
)
def test_a_refused_file_is_told_why_and_is_gone(tus, folder, data, meta, code):
    url = tus.begin(length=len(data), **meta)
    answer = tus.send(url, 0, data)
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == code
    assert problem["zh"]
    assert problem["en"]
    assert tus.call("HEAD", url).status_code == 410
    assert not Evidence.objects.exists()
    assert not list(folder.scratch().iterdir())


def test_giving_up_and_expiry(tus, hands, folder):
    url = tus.begin()
    tus.send(url, 0, PHOTO[:10])
    assert tus.call("DELETE", url).status_code == 204
    assert tus.call("HEAD", url).status_code == 404
    other = tus.begin()
    tus.send(other, 0, PHOTO[:10])
    hands.go(days=6, hours=23)
    Upload.objects.update(account=Upload.objects.get().account)
    assert uploads.sweep() == (0, 0)
    hands.go(hours=2)
    with pytest.raises(uploads.EvidenceError, match=r"upload\.gone"):
        uploads.find(Upload.objects.get().account, Upload.objects.get().pk)
    assert uploads.sweep() == (1, 0)
    assert not list(folder.scratch().iterdir())


def test_evidence_is_not_taken_back(tus):
    url = tus.begin()
    tus.send(url, 0, PHOTO)
    assert tus.call("DELETE", url).status_code == 410
    assert Evidence.objects.count() == 1


def test_nobody_else_reaches_an_upload_or_its_piece(tus, db):
    url = tus.begin()
    stranger = token(account("stranger"), "evidence:write", "evidence:read")
    reader = token(account("reader"), "evidence:read")
    part = {"Upload-Offset": "0", **TUS}
    for method in ("HEAD", "PATCH", "DELETE"):
        assert Client().generic(method, url, b"x", content_type=PART, headers=part | stranger).status_code == 404
        assert Client().generic(method, url, b"x", content_type=PART, headers=part | reader).status_code == 403
        assert Client().generic(method, url, b"x", content_type=PART, headers=part).status_code == 401
        bad = {"Authorization": "Bearer gy_000000000000_" + "A" * 43}
        assert Client().generic(method, url, b"x", content_type=PART, headers=part | bad).status_code == 401
    piece = tus.send(url, 0, PHOTO)["Evidence-Id"]
    assert Client().get(f"/evidence/{piece}/file", headers=stranger).status_code == 404
    assert Client().get(f"/evidence/{uuid.uuid4()}/file", headers=stranger).status_code == 404
    assert Client().get(f"/evidence/{piece}/file", headers=reader).status_code == 404
    assert Client().get(f"/evidence/{piece}/file").status_code == 401


def test_two_clients_cannot_write_at_once(tus):
    url = tus.begin()
    with uploads._locked(Upload.objects.get()):
        assert tus.send(url, 0, PHOTO[:10]).status_code == 423
        assert tus.call("DELETE", url).status_code == 423
    assert tus.send(url, 0, PHOTO[:10]).status_code == 204


def test_an_account_has_only_so_many_unfinished(tus, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_OPEN", 3)
    for _ in range(3):
        tus.begin()
    assert tus.call("POST", Upload_Length="10").status_code == 429


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 9000), st.booleans()), max_size=12))
def test_whatever_a_client_does_the_bytes_arrive_as_sent(tus, steps):
    """Wrong offsets, empty parts, repeated parts, damaged checksums, in any order: then the rest, and the piece is whole."""
    Upload.objects.all().delete()
    url, at = tus.begin(sha256=hashlib.sha256(PHOTO).hexdigest()), 0
    for drift, size, damaged in steps:
        begin = max(0, at + drift)
        data = PHOTO[begin : begin + size]
        headers = {"Upload_Checksum": f"sha1 {b64(bytes(20))}"} if damaged else {}
        answer = tus.send(url, begin, data, **headers)
        if begin == at and not damaged:
            assert answer.status_code == 204
            at = min(len(PHOTO), begin + size)
        assert tus.call("HEAD", url)["Upload-Offset"] == str(at)
    assert "Evidence-Id" in tus.send(url, at, PHOTO[at:])


@pytest.mark.django_db(transaction=True)
def test_a_line_that_breaks_keeps_what_arrived(folder, live_server):
    keys = TUS | token(account("officer"), "evidence:write")
    where = urlsplit(live_server.url)

    def call(method: str, path: str, body: bytes | None = None, **headers: str) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection(where.hostname, where.port, timeout=20)
        line.request(method, path, body, keys | {k.replace("_", "-"): v for k, v in headers.items()})
        answer = line.getresponse()
        answer.read()
        line.close()
        return answer

    path = call("POST", URL, Upload_Length=str(len(PHOTO))).headers["Location"]
    sent = 0
    for cut in (200_000 % len(PHOTO), len(PHOTO) // 2):
        with socket.create_connection((where.hostname, where.port), timeout=20) as line:
            said = keys | {
                "Host": where.netloc,
                "Content-Type": PART,
                "Upload-Offset": str(sent),
                "Content-Length": str(len(PHOTO) - sent),
            }
            head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
            line.sendall(f"PATCH {path} HTTP/1.1\r\n{head}\r\n".encode() + PHOTO[sent : sent + cut])
        deadline = time.monotonic() + 15
        arrived = sent
        while arrived == sent and time.monotonic() < deadline:
            answer = call("HEAD", path)
            arrived = int(answer.headers["Upload-Offset"])
        assert sent < arrived <= sent + cut, "what came over the line before it broke is kept"
        sent = arrived
    last = call("PATCH", path, PHOTO[sent:], Content_Type=PART, Upload_Offset=str(sent))
    assert last.status == 204, last.headers
    piece = Evidence.objects.get(pk=last.headers["Evidence-Id"])
    assert piece.blob_id == hashlib.sha256(PHOTO).hexdigest()
