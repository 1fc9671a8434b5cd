"""The people of the authorisation matrix, the matters they knock at, and how they knock."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from tests.web.conftest import Someone, Town, city_now, later
from tests.web.sessions import session_key

from guangyue.city import clock
from guangyue.city.accounts.tokens import issue_token
from guangyue.city.models import Agency
from guangyue.city.units import add_unit
from guangyue.records.database import db as raw_db
from guangyue.records.deadlines import fire_due
from guangyue.records.evidence.installed import store
from guangyue.records.evidence.models import Evidence
from guangyue.records.library import LIBRARY
from guangyue.web.authz import RELATIONS, Row

__all__ = ["Scene", "knock", "untouched"]

HOME = {
    "officer": ("urban_officer", "urban-1"), "aux": ("auxiliary", "urban-1"), "head": ("agency_head", "urban"),
    "traffic": ("traffic_officer", "traffic-1"), "review": ("traffic_reviewer", "traffic-1"), "t-head": ("agency_head", "traffic"),
    "command": ("commander", "traffic"), "super": ("supervisor", "gov"), "clerk": ("clerk", "urban-1"),
    "fraud": ("fraud_analyst", "urban-1"), "audit": ("auditor", "urban-1"), "secur": ("security_admin", "urban-1"),
    "system": ("system_admin", "urban-1"), "weak": ("urban_officer", "urban-1"), "noscope": ("urban_officer", "urban-1"),
    "reader": ("urban_officer", "urban-1"), "judge": ("judge", "community-1"),
}  # fmt: skip
"""Role and unit of each capacity; heads and commanders reach below their unit."""
BELOW = {"head", "t-head", "command", "super"}
RECORDS = {"officer", "aux", "traffic", "noscope", "reader", "weak"}
SCOPES = {"noscope": frozenset({"places:read"}), "reader": frozenset({"matters:read", "evidence:read"})}
TOKENS = {"noscope", "reader"}
"""Capacities of programs: they come with a token everywhere; people come with their session to pages."""


@dataclass
class Scene:
    """The town with everybody in it, and the matters, each relation's for each capacity."""

    town: Town
    people: dict[str, Someone] = field(default_factory=dict)
    matters: dict[tuple[str, str], str] = field(default_factory=dict)
    pieces: dict[str, str] = field(default_factory=dict)
    paper: tuple[str, int] = ("", 0)
    n: int = 0

    @classmethod
    def built(cls, town: Town) -> Scene:
        gov = Agency.objects.create(code="gov", kind="government", name_zh="政府", name_en="Government")
        town.units["gov"] = add_unit(gov, "gov", "督查室", level="city", parent=None)
        scene = cls(town)
        for name, (role, unit) in HOME.items():
            more = {"scopes": SCOPES[name]} if name in SCOPES else {}
            scene.people[name] = town.someone(role, unit, below=name in BELOW, **more)
        scene.people["citizen"] = town.someone(kind="citizen")
        scene.people["party"] = town.someone(kind="citizen")
        scene.people["norole"] = town.someone()
        scene.people["nobody"] = Someone(None)
        scene._fill()
        return scene

    def _fill(self) -> None:
        units = {u: self.town.someone("urban_officer", u) for u in ("urban-1", "urban-2")}
        units |= {u: self.town.someone("traffic_officer", u) for u in ("traffic-1", "traffic-2")}
        urban = self._of(units["urban-1"], units["urban-2"], units["traffic-1"])
        traffic = self._of(units["traffic-1"], units["traffic-2"], units["urban-1"])
        for name, someone in self.people.items():
            scene = traffic if HOME.get(name, ("", ""))[1].startswith("traffic") else urban
            for relation in RELATIONS:
                self.matters[name, relation] = scene[relation]
            if name in RECORDS:
                recorder = someone if name not in {*TOKENS, "weak"} else self._strong(someone)
                self.matters[name, "own"] = self._record(recorder)
        party = f"account:{self.people['party'].account.pk}"
        raw_db().execute(
            "insert into party (matter_id, role, account, made_at) select id, 'owner', %s, city_now() from matter where ref = any(%s)",
            [party, sorted({ref for (name, _), ref in self.matters.items() if name == "party"})],
        )
        self.paper = self._handed_over(units["urban-1"])

    def _of(self, colleague: Someone, other: Someone, stranger: Someone) -> dict[str, str]:
        closed = self._record(colleague)
        assert colleague.post(f"/api/matters/{closed}/actions/gone", {}).status_code == 200
        same = self._record(colleague)
        return {
            "own": same, "same unit": same, "other unit": self._record(other), "other agency": self._record(stranger),
            "closed": closed,
        }  # fmt: skip

    def _strong(self, someone: Someone) -> Someone:
        """The same person with a token that may write, to have recorded something."""
        scopes = frozenset({"matters:read", "matters:write"})
        return Someone(someone.account, issue_token(someone.account, "x", scopes, clock.now() + timedelta(days=1))[1])

    def _record(self, who: Someone) -> str:
        self.n += 1
        body = self.town.opening(who, f"鲁P{self.n:05}")
        body["values"] |= {"colour": "银色", "vehicle": "小型汽车", "place_type": "road"}
        answer = who.post("/api/matters", body)
        assert answer.status_code == 201, answer.json()
        ref = answer.json()["id"]
        name = f"鲁P{self.n:05}-1"
        path = Path(settings.GUANGYUE_EVIDENCE).with_name("photo")
        path.write_bytes(name.encode())
        own = raw_db().execute("select id from matter where ref = %s", [ref]).fetchone()
        piece = Evidence.objects.filter(matter_id=own[0]).latest("received_at")
        store().put(path, piece.blob_id)
        self.pieces[ref] = str(piece.pk)
        return ref

    def _handed_over(self, who: Someone) -> tuple[str, int]:
        """A matter that urban management recorded and traffic police has now, with its slip."""
        ref = self._record(who)
        self.town.machine(ref, "reminder_accepted")
        later(minutes=11)
        fire_due(raw_db(), LIBRARY)
        still = {"evidence": [self.town.photo(who, "second", f"second-{ref}", city_now())]}
        assert who.post(f"/api/matters/{ref}/actions/still_there", still).status_code == 200
        document = "select d.id from document d join matter m on m.id = d.matter_id where m.ref = %s"
        return ref, raw_db().execute(document, [ref]).fetchone()[0]

    def decided(self) -> str:
        """The matter that was handed over, now decided."""
        answer = self.people["review"].post(
            f"/api/matters/{self.paper[0]}/actions/approve", {"values": {"measure": "warning"}}
        )
        assert answer.status_code == 200, answer.json()
        party = f"account:{self.people['party'].account.pk}"
        raw_db().execute(
            "insert into party (matter_id, role, account, made_at) select id, 'owner', %s, city_now() from matter where ref = %s",
            [party, self.paper[0]],
        )
        return self.paper[0]

    def number(self, ref: str) -> str:
        """A matter's plate: what every list shows of it."""
        return str(raw_db().execute("select title from matter where ref = %s", [ref]).fetchone()[0]).partition(" ")[0]

    def api(self, name: str) -> Client:
        """A client that comes as programs come: with a token, where there is one."""
        token = self.people[name].token
        if name == "weak":
            return self.browser(name)
        return Client(headers={"Authorization": f"Bearer {token}"} if token else {})

    def browser(self, name: str) -> Client:
        """A client that comes as people come: with a session; a program with its token."""
        someone, client = self.people[name], Client()
        if name in TOKENS:
            return Client(headers={"Authorization": f"Bearer {someone.token}"})
        if someone.account is not None:
            client.cookies["session"] = session_key(someone.account, strong=name != "weak")
        return client


@contextmanager
def untouched() -> Iterator[None]:
    """What a knock does is undone, so that the next one finds the same door."""
    raw = raw_db()
    raw.execute("savepoint knock")
    try:
        yield
    finally:
        raw.execute("rollback to savepoint knock")


def knock(scene: Scene, row: Row, name: str, relation: str) -> Any:
    """One request; the answer."""
    ref = scene.paper[0] if row.about == "paper" else scene.matters[name, relation]
    client = scene.browser(name)
    path = reverse(row.name, args=_arguments(scene, row, ref))
    data, kind, headers = _sent(scene, row, name)
    with untouched():
        answer = client.generic(row.method, path, data, content_type=kind, headers=headers)
        if answer.streaming:
            b"".join(answer.streaming_content)
    return answer


def _arguments(scene: Scene, row: Row, ref: str) -> list[Any]:
    known: dict[str, list[Any]] = {
        "api:show_procedure": ["streets.parking"], "api:act_on_matter": [ref, "gone"], "console_view_delete": [1],
        "console_act": [ref, "gone"], "console_task": [ref, "side", 1, 0], "console_open": ["streets.parking", "record"], "console_figure": ["streets.parking", "reminders"],
        "portal_photo": ["0" * 64], "portal_act": ["object"], "field_paper": list(scene.paper),
        "field_ticket": list(scene.paper), "field_priors": [ref or "1", "approve"], "console_export": ["csv"], "streets_board_file": ["csv"],
        "streets_entries": ["reminders"], "streets_entries_file": ["reminders", "csv"], "portal_paper": ["slip-1"],
        "verify_paper": ["slip-1.AAAAAAAA"], "evidence_file": [scene.pieces.get(ref, ref)],
        "evidence_upload": ["00000000-0000-4000-8000-000000000000"], "mfa_edit_webauthn": [1], "mfa_remove_webauthn": [1],
    }  # fmt: skip
    return known.get(row.name, [ref] if row.about == "matter" else [])


def _sent(scene: Scene, row: Row, name: str) -> tuple[bytes | str, str, dict[str, str]]:
    if row.name.startswith("evidence_upload"):
        return b"", "application/octet-stream", {"Tus-Resumable": "1.0.0", "Upload-Length": "5"}
    if row.method != "POST":
        return b"", "text/plain", {}
    if row.name == "api:open_matter":
        who = scene.people[name]
        body = (
            scene.town.opening(who, "鲁P7777A") if who.account else {"procedure": "streets.parking", "action": "record"}
        )
        return json.dumps(body), "application/json", {"Idempotency-Key": name}
    if row.name.startswith("api:"):
        return "{}", "application/json", {"Idempotency-Key": name}
    return b"name=x", "application/x-www-form-urlencoded", {}
