"""The portal as a citizen without JavaScript uses it, and as somebody who guesses tries it."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from tests.web.conftest import later

from guangyue.city import clock
from guangyue.records.database import db as raw_db
from guangyue.records.deadlines import fire_due
from guangyue.records.evidence.models import Evidence
from guangyue.records.evidence.store import FolderStore
from guangyue.records.library import LIBRARY
from guangyue.records.papers import verify_code
from guangyue.web.portal.guessing import PER_NUMBER, PER_SOURCE
from guangyue.web.portal.models import Attempt, Rating

pytestmark = [pytest.mark.database, pytest.mark.django_db]
PLATE = "鲁P12345"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.GUANGYUE_EVIDENCE = str(tmp_path / "evidence")
    return FolderStore(tmp_path / "evidence")


@pytest.fixture
def case(town):
    """A car that stayed, handed over and decided: the matter's id and the slip's number."""
    li = town.someone("urban_officer", "urban-1")
    zhao = town.someone("traffic_reviewer", "traffic-1")
    ref = li.post("/api/matters", town.opening(li, PLATE)).json()["id"]
    town.machine(ref, "reminder_accepted")
    later(minutes=11)
    fire_due(raw_db(), LIBRARY)
    from tests.web.conftest import city_now

    still = {"evidence": [town.photo(li, "second", "second", city_now())]}
    done = li.post(f"/api/matters/{ref}/actions/still_there", still)
    assert done.status_code == 200, done.json()
    yes = zhao.post(f"/api/matters/{ref}/actions/approve", {"values": {"measure": "fine"}})
    assert yes.status_code == 200, yes.json()
    return ref, done.json()["papers"]["slip"]


def inside(number: str, proof: str = PLATE) -> Client:
    citizen = Client()
    answer = citizen.post("/p/", {"number": number, "proof": proof})
    assert answer.status_code == 302, answer.content.decode()[:400]
    return citizen


def page(citizen: Client, path: str = "/p/matter", **headers: str) -> str:
    answer = citizen.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_owner_sees_the_course_the_photographs_and_the_slip(case):
    _, slip = case
    text = page(inside(slip))
    for words in ("已审核上传", "十分钟后的取证照片", slip, "柳园路12号", "提出异议", "谁查看过我的信息"):
        assert words in text
    assert "account:" not in text, "nobody is named"


def test_in_english_too(case):
    _, slip = case
    text = page(inside(slip), **{"Accept-Language": "en"})
    for words in ("Reviewed and uploaded", "Photographs", "Object", "Who looked at my data"):
        assert words in text


def test_the_number_may_be_spaced_and_the_plate_lower_case(case):
    _, slip = case
    assert page(inside(f" {slip} ", "鲁p·12345"))


@pytest.mark.parametrize(("number", "proof"), [("slip", "鲁P54321"), ("none", PLATE), ("slip", ""), ("", PLATE)])
def test_whoever_does_not_know_both_learns_nothing(case, number, proof):
    _, slip = case
    answer = Client().post("/p/", {"number": slip if number == "slip" else number, "proof": proof})
    assert answer.status_code in {404, 422}
    assert "柳园路" not in answer.content.decode()


def test_wrong_and_absent_look_the_same(case):
    _, slip = case
    wrong = Client().post("/p/", {"number": slip, "proof": "鲁P54321"}).content.decode()
    absent = Client().post("/p/", {"number": slip[:-1] + "9", "proof": "鲁P54321"}).content.decode()
    assert (
        wrong.partition('role="alert"')[2].partition("</section>")[0]
        == absent.partition('role="alert"')[2].partition("</section>")[0]
    )


def test_guessing_ends_soon_and_the_right_answer_waits_too(case, monkeypatch):
    _, slip = case
    for n in range(PER_SOURCE[0]):
        assert Client().post("/p/", {"number": slip, "proof": f"鲁P{n:05}"}).status_code == 404
    stopped = Client().post("/p/", {"number": slip, "proof": PLATE})
    assert stopped.status_code == 429
    assert int(stopped["Retry-After"]) <= PER_SOURCE[1].total_seconds() + 1
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + PER_SOURCE[1] + timedelta(seconds=1))
    assert inside(slip)


def test_one_number_cannot_be_guessed_from_many_addresses(case):
    _, slip = case
    for n in range(PER_NUMBER[0]):
        Client(REMOTE_ADDR=f"10.0.{n}.1").post("/p/", {"number": slip, "proof": f"鲁P{n:05}"})
    assert Client(REMOTE_ADDR="10.9.9.9").post("/p/", {"number": slip, "proof": PLATE}).status_code == 429
    kept = Attempt.objects.values_list("source", "number").first()
    assert all(len(bytes(k)) == 16 for k in kept), "hashes, not addresses or numbers"


def test_a_forged_or_old_cookie_leads_back_to_the_front(case):
    _, slip = case
    citizen = Client()
    citizen.cookies["portal"] = "WyJzbGlwIiwi6bKBUDEyMzQ1Il0:1:forged"
    assert citizen.get("/p/matter").status_code == 302
    citizen = inside(slip)
    assert citizen.post("/p/leave").status_code == 302
    assert citizen.get("/p/matter").status_code == 302


def picture() -> SimpleUploadedFile:
    held = io.BytesIO()
    Image.new("RGB", (320, 240), "#557799").save(held, "JPEG")
    return SimpleUploadedFile("证明.jpg", held.getvalue(), "image/jpeg")


def test_an_objection_with_a_picture_starts_the_clock_and_is_done_once(case):
    ref, slip = case
    citizen = inside(slip)
    form = page(citizen, "/p/act/object")
    key = form.partition('name="key" value="')[2].partition('"')[0]
    sent = {"key": key, "q_reason": "车辆故障，已报警等候拖车。", "files": [picture()]}
    assert citizen.post("/p/act/object", sent)["Location"].endswith("done=act")
    assert raw_db().execute("select state from matter where ref = %s", [ref]).fetchone() == ("objected",)
    # Sent twice by an impatient thumb: still one objection.
    citizen.post("/p/act/object", {**sent, "files": []})
    acted = raw_db().execute("select count(*) from journal where act = 'object'").fetchone()
    assert acted == (1,)
    lent = Evidence.objects.get(name="证明.jpg")
    assert lent.matter_id is not None
    named = "select j.act, p.sha256 from piece p join journal j using (matter_id, seq) where p.sha256 = %s"
    assert raw_db().execute(named, [lent.blob_id]).fetchall() == [("object", lent.blob_id)], "evidence, in the journal"
    text = page(citizen)
    assert "车辆故障" in text
    assert "异议审查" in text


def test_a_scanned_paper_stands_beside_the_reason(case):
    ref, slip = case
    paper = SimpleUploadedFile("维修单.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "application/pdf")
    answer = inside(slip).post("/p/act/object", {"key": "k1", "q_reason": "车辆故障", "files": [paper]})
    assert answer.status_code == 302, answer.content.decode()
    body = raw_db().execute("select body::jsonb -> 'evidence' -> 0 from journal where act = 'object'").fetchone()[0]
    assert '"paper"' in str(body).replace("'", '"')
    assert "维修单" not in page(inside(slip)), "a paper is no photograph"
    assert raw_db().execute("select state from matter where ref = %s", [ref]).fetchone() == ("objected",)


def test_an_objection_without_a_reason_comes_back_with_the_sentence(case):
    _, slip = case
    answer = inside(slip).post("/p/act/object", {"key": "k1", "q_reason": ""})
    assert answer.status_code == 422
    assert "理由" in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


def test_a_file_that_is_no_picture_is_refused_and_the_words_are_kept(case):
    ref, slip = case
    bad = SimpleUploadedFile("x.jpg", b"MZ\x90\x00 program", "image/jpeg")
    answer = inside(slip).post("/p/act/object", {"key": "k1", "q_reason": "车辆故障", "files": [bad]})
    assert answer.status_code == 422
    assert "车辆故障" in answer.content.decode()
    assert raw_db().execute("select state from matter where ref = %s", [ref]).fetchone() == ("decided",)


@pytest.mark.parametrize("code", ["approve", "gone", "reminder_accepted", "nothing"])
def test_a_party_does_only_what_the_declaration_gives_it(case, code):
    _, slip = case
    assert inside(slip).get(f"/p/act/{code}").status_code == 404
    assert inside(slip).post(f"/p/act/{code}", {"key": "k"}).status_code == 404


def test_a_rating_can_be_changed_and_there_is_one(case):
    _, slip = case
    citizen = inside(slip)
    citizen.post("/p/rate", {"stars": "2", "words": "等了很久"})
    citizen.post("/p/rate", {"stars": "4"})
    citizen.post("/p/rate", {"stars": "9"})
    assert list(Rating.objects.values_list("stars", "words")) == [(4, "")]


def test_photographs_are_ones_own_only(case, town, folder, tmp_path):
    _, slip = case
    held = tmp_path / "p.jpg"
    Image.new("RGB", (2000, 1500), "#334455").save(held, "JPEG")
    import hashlib

    from guangyue.records.evidence.models import Blob

    sha = hashlib.sha256(held.read_bytes()).hexdigest()
    folder.put(held, sha)
    Blob.objects.create(sha256=sha, size=9, media_type="image/jpeg")
    citizen = inside(slip)
    assert citizen.get(f"/p/photo/{sha}").status_code == 404, "not of this matter"
    row = raw_db().execute("select matter_id, max(seq) from piece group by matter_id").fetchone()
    raw_db().execute("insert into piece (matter_id, seq, sha256) values (%s, %s, %s)", [*row, sha])
    answer = citizen.get(f"/p/photo/{sha}")
    assert answer["Content-Type"] == "image/jpeg"
    with Image.open(io.BytesIO(answer.content)) as shown:
        assert shown.size == (1280, 960)
    assert Client().get(f"/p/photo/{sha}").status_code == 302


def test_who_looked_is_told_by_office_and_purpose(case, town):
    ref, slip = case
    li = town.someone("urban_officer", "urban-1")
    assert li.post(f"/api/matters/{ref}/actions/approve", {"values": {"measure": "fine"}}).status_code == 403
    text = page(inside(slip), "/p/looks")
    assert "一中队" in text
    assert "规范、确认无误" in text
    assert "未获准" in text


def test_the_printed_slip_can_be_fetched_by_its_owner_and_by_the_officer_alone(case, town):
    ref, slip = case
    answer = inside(slip).get(f"/p/paper/{slip}.pdf")
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert inside(slip).get("/p/paper/TS-urban-2-20260101-0001.pdf").status_code == 404
    document = raw_db().execute("select id from document where number = %s", [slip]).fetchone()[0]
    officer, judge = town.someone("urban_officer", "urban-1"), town.someone("judge", "community-1")
    assert officer.get(f"/field/paper/{ref}/{document}.pdf").content[:5] == b"%PDF-"
    assert judge.get(f"/field/paper/{ref}/{document}.pdf").status_code == 404


def test_a_genuine_paper_is_genuine_and_another_is_not(case):
    _, slip = case
    good = Client().get(f"/verify/{verify_code(slip)}")
    assert good.status_code == 200
    text = good.content.decode()
    assert "违法停车提示单" in text
    assert "一中队" in text
    assert PLATE not in text, "the paper says it; the page need not"
    assert Client().get(f"/verify/{slip}.AAAAAAAA").status_code == 404
    assert Client().get(f"/verify/{verify_code('TS-x-20260101-0001')}").status_code == 404
    assert Client().get("/verify/", {"code": "x.y"})["Location"] == "/verify/x.y"


def test_the_front_page_is_small_and_needs_no_script(client):
    answer = client.get("/p/")
    assert len(answer.content) < 30_000
    assert b"onclick" not in answer.content
    assert b'value="slip-1"' in client.get("/p/?n=slip-1").content
