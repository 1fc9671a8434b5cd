"""The filled town that is fuzzed: matters in every state with real pictures, people of every capacity, tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.test.client import ClientHandler
from tests.browser.fill import RESIDENTS, Street
from tests.web.sessions import session_key

from guangyue.city import clock
from guangyue.city.accounts.tokens import issue_token
from guangyue.city.models import Account
from guangyue.demo.city.load import load
from guangyue.demo.city.whole import demo_city
from guangyue.records.database import db
from guangyue.records.evidence.models import Blob, Evidence
from guangyue.web.portal import visitor

__all__ = ["PEOPLE", "Stage", "stage"]

STATES = ("noticed", "reminded", "overdue", "unreached", "in_review", "in_review", "left", "decided", "dropped")
PEOPLE = (
    "", "citizen1", "urban1", "urban2", "urban3", "traffic1", "review1", "commander1", "supervisor1", "fraud1", "judge1",
    "audit1", "security1", "system1",
)  # fmt: skip
SESSION_SERVES = 10
SCOPES = frozenset({"matters:read", "matters:write", "evidence:read", "evidence:write"})


@dataclass
class Stage:
    """What is there to ask for.

    Attributes:
        everybody: each case of the API and each address is sent by everybody, and not by a few.
    """

    refs: list[str]
    slips: list[str]
    plates: list[str]
    evidence: list[str]
    digests: list[str]
    tokens: dict[str, str]
    logins: list[str]
    uploads: list[str] = field(default_factory=list)
    everybody: bool = False
    _product: ClientHandler = field(default_factory=lambda: ClientHandler(enforce_csrf_checks=False))
    _sessions: dict[str, tuple[str, int]] = field(default_factory=dict)

    def browser(self, login: str, **more: Any) -> Client:
        """Somebody's browser, signed in; a citizen's has been let in to a matter of the portal too."""
        client = Client(raise_request_exception=False, **more)
        client.handler = self._product  # one of its own would look through all static files first
        if login:
            client.cookies[settings.SESSION_COOKIE_NAME] = self._session(login)
        return client

    def _session(self, login: str) -> str:
        """Somebody's session, the same a few times: what is sent may end it, and opening one costs as much as a request."""
        key, left = self._sessions.get(login, ("", 0))
        if not left:
            key, left = session_key(Account.objects.get(username=login)), SESSION_SERVES
        self._sessions[login] = key, left - 1
        return key

    def visitor(self, client: Client, n: int) -> Client:
        """With the proof of having been let in at the portal."""
        from django.http import HttpResponse

        answer = HttpResponse()
        visitor.come_in(answer, self.slips[n % len(self.slips)], self.plates[n % len(self.slips)])
        client.cookies[visitor.COOKIE] = answer.cookies[visitor.COOKIE].value
        return client


def stage(superuser: str) -> Stage:
    """Fills the database; the city's clock then stands at now."""
    city = demo_city(residents=RESIDENTS)
    load(city)
    street = Street(city, superuser)
    now = clock.now().replace(microsecond=0)
    refs = [
        street.story(now - timedelta(hours=6) + timedelta(minutes=20 * n), s, "urban1") for n, s in enumerate(STATES)
    ]
    street.clock(now)
    street.owner.close()
    raw = db()
    papers = raw.execute(
        "select d.number, m.title from document d join matter m on m.id = d.matter_id where d.number is not null"
    ).fetchall()
    logins = [n for n in PEOPLE if n and Account.objects.filter(username=n).exists()]
    tokens = {
        n: issue_token(Account.objects.get(username=n), "fuzz", SCOPES, now + timedelta(days=30))[1] for n in logins
    }
    return Stage(
        refs=refs,
        slips=[number for number, _ in papers],
        plates=[title.partition(" · ")[0] for _, title in papers],
        evidence=[str(i) for i in Evidence.objects.values_list("pk", flat=True)],
        digests=list(Blob.objects.values_list("pk", flat=True)),
        tokens={"": "", **tokens},
        logins=["", *logins],
    )
