"""Plants canaries through every way in, asks every way out, and says what it did; a process of its own, as production runs.

``python -m tests.faults.canary_city SUPERUSER``: on the database of the environment, as the serving role.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import logging
import sys
import zipfile
from pathlib import Path

import django

django.setup()

import psycopg  # noqa: E402 - after the set-up
from bench.records_procedure import PARKING  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.test import Client  # noqa: E402
from PIL import ExifTags, Image  # noqa: E402
from tests.faults.canaries import CANARIES, ID_NUMBER, MOBILE, NAME, PLATE  # noqa: E402
from tests.web.conftest import CARRIER, Someone, Town, make_town  # noqa: E402
from tests.web.fuzz.pages import addresses  # noqa: E402
from tests.web.sessions import browser  # noqa: E402

from guangyue.city import clock  # noqa: E402
from guangyue.city.models import Account, Person  # noqa: E402
from guangyue.city.viewer import viewer_for  # noqa: E402
from guangyue.kernel import Command  # noqa: E402
from guangyue.links.models import ShortMessage, Vehicle  # noqa: E402
from guangyue.records.commands import Done, Order, execute  # noqa: E402
from guangyue.records.database import alone, db  # noqa: E402
from guangyue.records.deadlines import fire_due  # noqa: E402
from guangyue.records.library import LIBRARY  # noqa: E402
from guangyue.records.matters import reveal_for  # noqa: E402

EXPORTS: list[str] = []
TUS = {"Tus-Resumable": "1.0.0"}


def photo() -> bytes:
    """A picture whose camera tells more than it should."""
    exif = Image.Exif()
    for tag in (
        ExifTags.Base.Artist,
        ExifTags.Base.Copyright,
        ExifTags.Base.ImageDescription,
        ExifTags.Base.HostComputer,
    ):
        exif[tag] = f"{ID_NUMBER} {MOBILE}"
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = f"of {MOBILE}", f"phone {ID_NUMBER}"
    exif[ExifTags.Base.Software] = f"app {MOBILE}"
    out = io.BytesIO()
    Image.effect_noise((320, 240), 70).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


def uploaded(who: Someone, content: bytes) -> str:
    """A resumable upload under a telling name; its digest."""
    said = {"filename": f"{ID_NUMBER}-{MOBILE}.jpg", "device": f"phone of {MOBILE}"}
    meta = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in said.items())
    headers = who.headers(**TUS, **{"Upload-Length": str(len(content)), "Upload-Metadata": meta})
    begun = Client().post("/evidence/uploads/", headers=headers)
    assert begun.status_code == 201, begun.content
    more = who.headers(**TUS, **{"Upload-Offset": "0"})
    kind = "application/offset+octet-stream"
    answer = Client().generic("PATCH", begun["Location"], content, content_type=kind, headers=more)
    assert answer.status_code == 204, answer.content
    return hashlib.sha256(content).hexdigest()


def planted(town: Town) -> dict[str, object]:
    """Every way in; what came of each."""
    officer, reviewer = town.someone("urban_officer", "urban-1"), town.someone("traffic_reviewer", "traffic-1")
    person = Person.objects.create(number="K1", name=NAME, phone=MOBILE, id_number=ID_NUMBER)
    Vehicle.objects.create(plate=PLATE, plate_kind="ordinary", owner=person)
    ShortMessage.objects.create(key="k1", number=MOBILE, text=f"{NAME} {MOBILE} {ID_NUMBER}", made_at=clock.now())
    did: dict[str, object] = {}
    digest = uploaded(officer, photo())
    now = db().execute("select city_now()").fetchone()[0]
    body = town.opening(officer, PLATE)
    body["evidence"] = [
        {
            "set": "first",
            "sha256": digest,
            "taken_at": now.isoformat(),
            "panorama": True,
            "plate_legible": True,
            "located": True,
        }
    ]
    body["procedure"] = PARKING.code
    body["values"] = {"plate": PLATE, "street": "柳园路", "owner": f"{NAME} {ID_NUMBER} {MOBILE}"}
    opened = officer.post("/api/matters", body)
    assert opened.status_code == 201, opened.content
    did["ref"] = ref = opened.json()["id"]
    # where no number belongs it is refused
    for name in ("street",):
        wrong = {**body, "values": {**body["values"], name: f"{ID_NUMBER}"}}
        answer = officer.post("/api/matters", wrong)
        did[f"api {name}"] = (answer.status_code, [r["code"] for r in answer.json()["reasons"]])
    form = {"plate": PLATE, "street": f"请联系{MOBILE}", "key": "c1"}
    form["photo-first"] = SimpleUploadedFile(f"{MOBILE}.jpg", photo(), "image/jpeg")
    did["form"] = browser(officer.account).post("/console/new/streets.parking/record", form).status_code
    did["odd json"] = officer.post("/api/matters", json.dumps(body)[:-2] + MOBILE).status_code
    did["search"] = [officer.get("/api/matters", text=c, where="involved").status_code for c in CANARIES]
    did["sign in"] = Client().post("/account/login/", {"login": MOBILE, "password": ID_NUMBER}).status_code
    did["portal"] = Client().post("/p/", {"number": ID_NUMBER, "proof": PLATE}).status_code
    did["verify"] = Client().get(f"/verify/{ID_NUMBER}.AAAAAAAA").status_code
    for act in ("reminder_accepted",):
        done = execute(Order(command=Command(act=act, received_at=now), actor=CARRIER, matter=ref))
        assert isinstance(done, Done), done
    refused = Client(raise_request_exception=False)
    did["fault"] = refused.generic("POST", "/p/", f"number={MOBILE}&proof=%ED%A0%80{ID_NUMBER}").status_code
    did["people"] = {"officer": officer.token, "reviewer": reviewer.token}
    read(did, officer, reviewer)
    objected(did, town, officer, reviewer)
    return did


def objected(did: dict[str, object], town: Town, officer: Someone, reviewer: Someone) -> None:
    """A citizen objects and rates, with numbers in words, in a file's name and in a picture."""
    superuser = psycopg.connect(sys.argv[1], autocommit=True)
    ref = officer.post("/api/matters", town.opening(officer, "鲁T99313")).json()["id"]
    town.machine(ref, "reminder_accepted")
    superuser.execute("update city_clock set anchor_city = anchor_city + interval '11 minutes'")
    with db().transaction():
        fire_due(db(), LIBRARY)
    now = superuser.execute("select city_now()").fetchone()[0]
    body = {"evidence": [town.photo(officer, "second", "second", now)]}
    done = officer.post(f"/api/matters/{ref}/actions/still_there", body)
    assert done.status_code == 200, done.content
    yes = reviewer.post(f"/api/matters/{ref}/actions/approve", {"values": {"measure": "fine"}})
    assert yes.status_code == 200, yes.content
    citizen = Client(raise_request_exception=False)
    citizen.post("/p/", {"number": done.json()["papers"]["slip"], "proof": "鲁T99313"})

    def sent(key: str, reason: str) -> dict[str, object]:
        picture = SimpleUploadedFile(f"{ID_NUMBER}-{MOBILE}.jpg", photo(), "image/jpeg")
        return {"key": key, "q_reason": reason, "files": [picture]}

    did["objection with a number"] = citizen.post(
        "/p/act/object", sent("o1", f"车主{ID_NUMBER}电话{MOBILE}")
    ).status_code
    did["objection"] = citizen.post("/p/act/object", sent("o2", "车辆故障")).status_code
    did["rating"] = citizen.post("/p/rate", {"stars": "4", "words": f"请回电{MOBILE}"}).status_code


def read(did: dict[str, object], officer: Someone, reviewer: Someone) -> None:
    """With the right, and a reason, in plain; the access log has it."""
    ref = str(did["ref"])
    superuser = psycopg.connect(sys.argv[1], autocommit=True)
    superuser.execute("update city_clock set anchor_city = anchor_city + interval '11 minutes'")
    with db().transaction():
        fire_due(db(), LIBRARY)
    at = superuser.execute("select city_now()").fetchone()[0].isoformat()
    body = {
        "evidence": [
            {
                "set": "second",
                "taken_at": at,
                "sha256": uploaded(officer, photo()),
                "plate_legible": True,
                "located": True,
            }
        ]
    }
    answer = officer.post(f"/api/matters/{ref}/actions/still_there", body)
    assert answer.status_code == 200, answer.content
    masked = reviewer.get(f"/api/matters/{ref}").json()["fields"].get("owner")
    with alone():
        viewer = viewer_for(reviewer.account, at=clock.now(), strong=True)
        plain = reveal_for(viewer, ref, "owner", reason="告知车主", basis="道交法114")
    log = "select purpose, viewer from access_log where body like %s"
    rows = superuser.execute(log, ["%告知车主%"]).fetchall()
    did["reveal"] = {"masked": masked, "plain": all(c in plain for c in CANARIES[:3]), "logged": len(rows)}


def answers(did: dict[str, object]) -> list[tuple[str, str, bytes]]:
    """Every address, from everybody, about the matter."""
    found = []
    known = {"matter": str(did["ref"]), "ref": str(did["ref"]), "procedure": PARKING.code}
    for account in [None, *Account.objects.filter(kind="staff")]:
        client = browser(account)
        client.raise_request_exception = False
        for route in (r.replace("<str:kind>", kind) for r in addresses() for kind in kinds(r)):
            path = route
            for name, value in {**known, "code": "reminders" if "/entries/" in route else "gone"}.items():
                path = path.replace(f"<{name}>", value).replace(f"<str:{name}>", value)
            if "<" in path or "logout" in path:
                continue
            answer = client.get(path)
            if answer.status_code == 200 and path.rpartition(".")[2] in {"csv", "xlsx"}:
                EXPORTS.append(path)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            found.append((account.username if account else "nobody", path, opened(content)))
    return found


def kinds(route: str) -> tuple[str, ...]:
    """An export is asked for as each kind of file."""
    return ("csv", "xlsx") if "<str:kind>" in route else ("",)


def opened(content: bytes) -> bytes:
    """What a workbook says, and not its compressed form."""
    if not content.startswith(b"PK\x03\x04"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return b"\n".join(book.read(name) for name in book.namelist())


def main() -> None:
    """Plant, ask, tell."""
    logging.basicConfig(level=logging.DEBUG)
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    LIBRARY.register(PARKING)
    did = planted(make_town())
    leaks = [f"{who} {path}" for who, path, content in answers(did) if any(c.encode() in content for c in CANARIES[:3])]
    report = {"exports": EXPORTS, **{k: v for k, v in did.items() if k != "people"}, "leaks": leaks}
    Path(sys.argv[2]).write_text(json.dumps(report, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
