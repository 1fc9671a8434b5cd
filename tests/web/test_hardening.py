"""What every answer carries, what no page contains, and what is refused whoever asks."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.web.fuzz.pages import addresses
from tests.web.knocking import Scene, untouched
from tests.web.sessions import browser, session_key

from guangyue.city import clock
from guangyue.records.evidence.models import Evidence
from guangyue.records.evidence.store import FolderStore
from guangyue.web.api import callers
from guangyue.web.api.pace import AT_ONCE, Pace
from guangyue.web.portal.guessing import PER_SOURCE
from guangyue.web.portal.models import Attempt

pytestmark = [pytest.mark.database]
ROOT = Path(__file__).parents[2]
OWN = {"script-src", "style-src", "default-src"}
ASSETS = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)(?P<inside>.*?)</script>|<style|\sstyle=|\son[a-z]+=|javascript:",
    re.DOTALL,
)


@pytest.fixture
def scene(town, settings, tmp_path):
    settings.GUANGYUE_EVIDENCE = str(tmp_path / "evidence")
    FolderStore(tmp_path / "evidence")
    return Scene.built(town)


def every_answer(scene):
    """Every address that can be got, as an officer, a reviewer, a citizen, and nobody."""
    ref = scene.matters["officer", "own"]
    parts = {
        "matter": ref,
        "ref": ref,
        "code": "gone",
        "procedure": "streets.parking",
        "evidence_id": scene.pieces[ref],
        "number": "slip-1",
    }
    for name in ("nobody", "citizen", "officer", "review"):
        client = scene.browser(name)
        for route in addresses():
            path = route.replace("new/<str:procedure>/<str:code>", "new/streets.parking/record")
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(parts.get(m[1], 1)), path)
            with untouched():
                answer = client.get(path)
                yield name, path, answer
                if answer.streaming:
                    b"".join(answer.streaming_content)


@pytest.mark.django_db
def test_every_answer_carries_the_headers_and_no_page_an_exception(scene):
    wrong, pages = [], 0
    for name, path, answer in every_answer(scene):
        where = f"{path} as {name}"
        policy = answer.headers.get("Content-Security-Policy", "")
        if "default-src" not in policy or "unsafe" in policy or "*" in policy or "http:" in policy:
            wrong.append(f"{where}: policy {policy!r}")
        for header, value in (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
                              ("Cross-Origin-Opener-Policy", "same-origin")):  # fmt: skip
            if answer.headers.get(header) != value:
                wrong.append(f"{where}: {header} is {answer.headers.get(header)!r}")
        if name != "nobody" and not {"no-store", "no-cache"} & set(
            re.split(r"[ ,]+", answer.headers.get("Cache-Control", ""))
        ):
            wrong.append(f"{where}: may be cached")
        if answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", ""):
            pages += 1
            text = answer.content.decode()
            wrong += [
                f"{where}: {found[0][:80]!r}"
                for found in ASSETS.finditer(text)
                if 'type="application/json"' not in found[0]
            ]
            wrong += [
                f"{where}: a form without its token"
                for form in re.findall(r"<form[^>]*method=\"?post.*?</form>", text, re.DOTALL | re.IGNORECASE)
                if "csrfmiddlewaretoken" not in form
            ]
    assert pages > 30
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_no_address_takes_a_cookie_s_word_without_the_token(town):
    """Every address, each unsafe method, with an officer's session and no token: refused, or it is no method of its own."""
    officer = town.someone("urban_officer", "urban-1")
    client = Client(enforce_csrf_checks=True)
    client.cookies["session"] = session_key(officer.account)
    ref = officer.post("/api/matters", town.opening(officer)).json()["id"]
    parts = {"matter": ref, "ref": ref, "code": "gone", "procedure": "streets.parking"}
    found = {}
    for route in addresses():
        path = route.replace("new/<str:procedure>/<str:code>", "new/streets.parking/record")
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(parts.get(m[1], "00000000-0000-4000-8000-000000000000")), path)
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            headers = {"Tus-Resumable": "1.0.0", "Idempotency-Key": "k"}
            with untouched():
                answer = client.generic(method, path, "{}", content_type="application/json", headers=headers)
            found[f"{method} {path}"] = answer.status_code
    assert {where: status for where, status in found.items() if status not in {403, 404, 405}} == {}
    assert sum(status == 403 for status in found.values()) > 40


def test_a_bucket_fills_by_the_second_and_each_caller_has_one():
    now = [0.0]
    pace = Pace(2, most=2, clock=lambda: now[0])
    assert [pace.wait("a") for _ in range(2 * AT_ONCE)] == [0.0] * 2 * AT_ONCE
    assert pace.wait("a") == pytest.approx(0.5)
    assert pace.wait("b") == 0
    now[0] += 0.5
    assert pace.wait("a") == 0
    assert pace.wait("a") > 0
    pace.wait("c")
    assert len(pace._buckets) == 2


@pytest.mark.django_db
def test_a_program_that_runs_away_is_told_when_to_come_back(town, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(callers, "PACE", Pace(1, clock=lambda: now[0]))
    fast, slow = town.someone("urban_officer", "urban-1"), town.someone("urban_officer", "urban-1")
    for _ in range(AT_ONCE):
        assert fast.get("/api/matters").status_code == 200
    refused = fast.get("/api/matters")
    assert (refused.status_code, refused.json()["code"], refused["Retry-After"]) == (429, "too_many", "2")
    assert "频繁" in refused.json()["title"]
    assert slow.get("/api/matters").status_code == 200
    now[0] += 1
    assert fast.get("/api/matters").status_code == 200
    nobody = [Client().get("/api/matters").status_code for _ in range(AT_ONCE + 1)]
    assert nobody == [401] * AT_ONCE + [429]


@pytest.mark.django_db
def test_signing_in_faster_than_people_do_is_slowed_down():
    statuses = []
    for _ in range(70):
        answer = Client().post("/account/login/", {"login": "nobody-known", "password": "x"})
        statuses.append(answer.status_code)
        if answer.status_code == 429:
            break
    assert statuses[-1] == 429, statuses
    assert answer["Retry-After"] == "60"
    assert "请求过于频繁" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/verify/slip-1.AAAAAAAA", "/p/"])
def test_guessing_at_the_portal_is_told_when_to_come_back(path):
    for _ in range(PER_SOURCE[0]):
        answer = Client().get(path) if "verify" in path else Client().post(path, {"number": "1", "proof": "鲁P12345"})
        assert answer.status_code == 404
    answer = Client().get(path) if "verify" in path else Client().post(path, {"number": "1", "proof": "鲁P12345"})
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= PER_SOURCE[1].total_seconds() + 1
    Attempt.objects.update(at=clock.now() - timedelta(hours=2))
    answer = Client().get(path) if "verify" in path else Client().post(path, {"number": "1", "proof": "鲁P12345"})
    assert answer.status_code == 404


@pytest.mark.django_db
def test_what_somebody_uploaded_runs_nowhere(town, settings, tmp_path):
    settings.GUANGYUE_EVIDENCE = str(tmp_path / "evidence")
    officer = town.someone("urban_officer", "urban-1")
    shown = town.photo(officer, "first", "a photograph", clock.now())
    (tmp_path / "photo").write_bytes(b"a photograph")
    FolderStore(tmp_path / "evidence").put(tmp_path / "photo", shown["sha256"])
    answer = browser(officer.account).get(f"/evidence/{Evidence.objects.get().pk}/file")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Content-Type"] == "image/jpeg"
    assert re.search(r'filename="[0-9a-f-]{36}\.\w+"', answer["Content-Disposition"])


def production(tmp_path, *lines, **more):
    """A process with production's settings; what it says."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("GUANGYUE_", "DATABASE_", "DJANGO_"))}
    environment |= {
        "GUANGYUE_HOME": str(tmp_path / "home"),
        "GUANGYUE_ENV": "production",
        "PYTHONPATH": str(ROOT / "src"),
        **more,
    }
    code = "; ".join(("import json", "from guangyue.web import settings as s", *lines))
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_production_s_cookies_travel_over_tls_only(tmp_path):
    names = [
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "CSRF_COOKIE_SECURE",
        "SECURE_HSTS_SECONDS",
        "SESSION_COOKIE_NAME",
        "DEBUG",
    ]
    said = json.loads(production(tmp_path, f"print(json.dumps([getattr(s, n) for n in {names!r}]))"))
    assert said == [True, True, True, 31_536_000, "__Host-session", False]


def test_a_secret_comes_from_the_environment_or_from_a_file_that_is_its_owner_s_alone(tmp_path):
    assert production(tmp_path, "print(s.SECRET_KEY)", GUANGYUE_SECRET="given-by-the-manager") == "given-by-the-manager"
    made = production(tmp_path, "print(s.SECRET_KEY)")
    kept = tmp_path / "home" / "secret"
    assert (kept.read_text(), kept.stat().st_mode & 0o777) == (made, 0o600)
    assert production(tmp_path, "print(s.SECRET_KEY)") == made
    assert production(tmp_path / "other", "print(s.SECRET_KEY)") != made


def test_no_secret_stands_in_the_code():
    shape = re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bghp_\w{36}\b|\beyJ[\w-]{20,}\.|gy_[0-9a-f]{12}__\w{20,}"
        r"|(?i:password|secret|api_?key|token)\s*[:=]\s*[\"'][\w+/=-]{20,}[\"']"
    )
    tracked = subprocess.run(
        ["git", "ls-files", "src", "scripts", "bench"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if tracked.returncode:
        pytest.skip("not a git checkout")
    found = {}
    for name in tracked.stdout.splitlines():
        path = ROOT / name
        if not path.is_file() or path.suffix not in {".py", ".ts", ".html", ".sh", ".toml", ".json", ".txt", ".sql"}:
            continue
        if hits := [m[0][:40] for m in shape.finditer(path.read_text("utf-8", "replace"))]:
            found[name] = hits
    found.pop("src/guangyue/demo/city/staff.py", None)  # the invented city's one-time codes, shown on its front page
    assert found == {}


@pytest.mark.parametrize(
    "lock", sorted(str(p.relative_to(ROOT)) for p in (*ROOT.glob("*.lock"), *ROOT.glob("bench/peers/*.lock")))
)
def test_every_dependency_is_held_to_its_hashes(lock):
    text = (ROOT / lock).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if re.match(r"[a-zA-Z0-9]", line)]
    assert lines
    assert [line.split()[0] for line in lines if "--hash=sha256:" not in line] == []
    for script in ("scripts/setup.sh",):
        assert "--require-hashes" in (ROOT / script).read_text()


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "words"), [("/no-such-page", "没有这一页"), ("/p/?n=%00", "请求无法读取")])
def test_a_page_that_says_no_is_one_of_ours(path, words):
    answer = Client().get(path)
    assert words in answer.content.decode()
    english = Client().get(path, headers={"Accept-Language": "en"}).content.decode()
    assert words not in english


@pytest.mark.django_db
def test_a_fault_is_told_without_help_of_anything_that_may_be_broken_and_without_its_trace(monkeypatch):
    from guangyue.web import urls

    def broken(*_args, **_kwargs):
        raise RuntimeError("secret inside")

    monkeypatch.setattr(urls.urlpatterns[0], "callback", broken)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    text = answer.content.decode()
    assert "记录未受影响" in text
    assert "secret" not in text
    assert "Traceback" not in text
