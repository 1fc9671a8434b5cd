"""Every address with odd parts, queries, headers and bodies; every form that a page shows, filled in oddly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import get_resolver
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from tests.web.fuzz.judge import Judge
from tests.web.fuzz.nasty import TIMES, for_header, for_path, for_text, raw_bytes
from tests.web.fuzz.pictures import files
from tests.web.fuzz.stage import Stage

__all__ = ["addresses", "fuzz_addresses", "fuzz_forms"]

METHODS = ("GET",) * 12 + ("POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")
SHARP = (b"\0", b"a/b", b"\xff\xfe", b"9" * 30, b"..", b"\xed\xa0\x80")
ASKED = (
    "q", "view", "procedure", "state", "unit", "from", "until", "order", "where", "after", "n", "code", "next", "done", "at",
    "day", "date", "person", "cursor", "plan", "since", "lang", "now", "ref", "page", "number", "proof", "shift", "slot", "id",
)  # fmt: skip
OWN = {
    "console/": ("q", "view", "procedure", "state", "unit", "from", "until", "order", "where", "after"),
    "console/rows": ("q", "view", "procedure", "state", "unit", "from", "until", "order", "where", "after"),
    "console/map/matters.geojson": ("q", "view", "procedure", "state", "from", "until"),
    "console/figures": ("from", "until"), "console/figures/": ("from", "until", "at", "id"),
    "console/fraud": ("person", "at", "play"), "events": ("since",), "console/changes": ("since",), "p/": ("n",),
    "p/matter": ("done",), "verify/": ("code",), "account/login/": ("next",),
}  # fmt: skip
"""What an address reads, so that half the questions are ones it hears."""
HEADERS = (
    "Accept", "Accept-Language", "Accept-Encoding", "HX-Request", "HX-Current-URL", "HX-Target", "Last-Event-ID", "Range",
    "If-None-Match", "If-Modified-Since", "If-Match", "X-HTTP-Method-Override", "Content-Type", "Authorization",
    "Cookie", "Referer", "Origin", "User-Agent", "X-CSRFToken", "X-Forwarded-For", "X-Forwarded-Proto", "Host", "Forwarded",
    "Tus-Resumable", "Upload-Length", "Upload-Offset", "Upload-Metadata", "Upload-Checksum", "Idempotency-Key", "Sec-Fetch-Site",
)  # fmt: skip


def addresses(resolver: Any = None, before: str = "/") -> list[str]:
    """Every route, with its parts in angle brackets; ninja's operations are among them."""
    found: list[str] = []
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern).removeprefix("^").removesuffix("$")
        if hasattr(entry, "url_patterns"):
            found += addresses(entry, route)
        else:
            found.append(route.replace("\\Z", ""))
    return sorted(set(found))


def quietly(requests: int, chance: int) -> Any:
    """Hypothesis that only generates; faults are kept by the judge."""
    rules = settings(
        max_examples=requests, database=None, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    return lambda body: seed(chance)(rules(body))


def fuzz_addresses(judge: Judge, stage: Stage, requests: int, chance: int) -> None:
    """Addresses by hand, as a scanner sends them."""
    routes = addresses()
    known = [
        *stage.refs,
        *stage.slips,
        *stage.evidence,
        *stage.digests,
        "streets.parking",
        "record",
        "gone",
        "reminders",
        "1",
    ]
    odd = st.one_of(st.sampled_from(known).map(str.encode), raw_bytes)
    values = st.lists(st.one_of(odd, st.sampled_from(TIMES).map(str.encode), st.sampled_from(SHARP)), max_size=4)
    people = st.one_of(st.sampled_from(stage.logins), st.sampled_from(("urban1", "review1", "supervisor1")))
    names = st.lists(st.sampled_from(ASKED), min_size=4, max_size=4)

    @quietly(max(1, requests // (len(stage.logins) if stage.everybody else 1)), chance)
    @given(
        route=st.sampled_from(routes), method=st.sampled_from(METHODS), login=people,
        part=st.lists(st.one_of(st.sampled_from(known), for_path), min_size=3, max_size=3), values=values, names=names,
        headers=st.dictionaries(st.sampled_from(HEADERS), for_header, max_size=2), body=raw_bytes,
        source=st.ip_addresses().map(str), inside=st.integers(0, 3), turn=st.integers(0, 9),
    )  # fmt: skip
    def send(route, method, login, part, values, names, headers, body, source, inside, turn) -> None:
        parts = iter(part)
        path = re.sub(r"<[^>]+>|\(\?P<[^)]*\)", lambda _: next(parts, "x"), route)
        own = OWN.get(re.sub(r"<.*", "", route.lstrip("/")), ()) if turn else ()
        names = [own[(turn + n) % len(own)] if own else name for n, name in enumerate(names)]
        said = "&".join(f"{k}={quote(v[:3000])}" for k, v in zip(names, values, strict=False))
        kind = headers.pop("Content-Type", "application/x-www-form-urlencoded")
        sent = b"" if method in {"GET", "HEAD"} else body
        for who in stage.logins if stage.everybody else (login,):
            client = stage.browser(who, REMOTE_ADDR=source)
            if inside == 0:
                stage.visitor(client, len(said))
            told = headers | {"X-Unknown": who} if inside == 1 else headers
            judge.send("addresses", client, method, path, sent, content_type=kind, headers=told, QUERY_STRING=said)

    send()


@dataclass(frozen=True, slots=True)
class Form:
    """A form as the page shows it: where it goes, what it asks, what it brings along."""

    action: str
    method: str
    kept: tuple[tuple[str, str], ...]
    asked: tuple[str, ...]
    files: tuple[str, ...]


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: dict[str, Any] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {k: v or "" for k, v in attrs}
        if tag == "form":
            self._open = {
                "action": said.get("action", ""),
                "method": said.get("method", "get").upper(),
                "kept": [],
                "asked": [],
                "files": [],
            }
        elif self._open is not None and said.get("name") and tag in {"input", "select", "textarea", "button"}:
            kind = said.get("type", "text" if tag != "button" else "submit")
            if kind == "file":
                self._open["files"].append(said["name"])
            elif kind in {"hidden", "submit", "checkbox", "radio"}:
                self._open["kept"].append((said["name"], said.get("value", "on")))
            else:
                self._open["asked"].append(said["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open is not None:
            self.found.append(Form(**{k: tuple(v) if isinstance(v, list) else v for k, v in self._open.items()}))
            self._open = None


ACTS = (
    ("gone",), (), ("still_there", "serve_notice"), ("hand_over_unreached",), ("approve", "admonish", "affix"), ("reject",), (),
    ("object",), (),
)  # fmt: skip
"""What may be done to each of the stage's matters, in their order."""
FORMS_OF = ("", "citizen1", "urban1", "review1", "supervisor1")


def forms_of(stage: Stage, login: str) -> list[Form]:
    """All forms that somebody can get at."""
    client = stage.visitor(stage.browser(login), 0)
    pages = [
        "/", "/console/", "/console/new", "/console/new/streets.parking/record", "/console/figures", "/account/login/", "/p/",
        "/p/matter", "/p/act/object", "/verify/", "/account/password/", "/account/factors/", "/account/reauthenticate/",
        "/account/factors/totp/activate/", "/console/fraud", "/console/patrol",
        *(f"/console/matters/{ref}/act/{act}" for ref, acts in zip(stage.refs, ACTS, strict=False) for act in acts),
    ]  # fmt: skip
    found: dict[tuple[str, ...], Form] = {}
    for path in pages:
        answer = client.get(path)
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            for form in _Forms(answer.content.decode()).found:
                where = form.action or path
                if "logout" in where or where.endswith("/p/leave"):
                    continue
                found[where, *form.asked, *form.files] = Form(where, form.method, form.kept, form.asked, form.files)
    return list(found.values())


def fuzz_forms(judge: Judge, stage: Stage, requests: int, chance: int) -> None:
    """Forms as they are shown, with odd answers, missing ones, more than asked, and odd files."""
    known = [(login, form) for login in FORMS_OF for form in forms_of(stage, login)]

    @quietly(requests, chance)
    @given(
        which=st.sampled_from(known), answers=st.lists(for_text, min_size=1, max_size=8), keep=st.integers(0, 15), fill=files,
        more=st.dictionaries(for_text, for_text, max_size=2), source=st.ip_addresses().map(str), odd=st.booleans(),
        number=st.integers(0, 1 << 60), multipart=st.booleans(), at=st.integers(0, 99),
    )  # fmt: skip
    def send(which, answers, keep, fill, more, source, odd, number, multipart, at) -> None:
        login, form = which
        client = stage.visitor(stage.browser(login, REMOTE_ADDR=source), at)
        data: dict[str, Any] = {}
        for n, (name, value) in enumerate(form.kept):
            if keep >> (n % 4) & 1 or name == "csrfmiddlewaretoken":
                data[name] = value if not (odd and name != "csrfmiddlewaretoken") else answers[n % len(answers)]
        if "key" in data and not odd:
            data["key"] = f"form-{number}"
        for n, name in enumerate(form.asked):
            data[name] = answers[n % len(answers)]
        data |= more if odd else {}
        if form.method == "GET":
            query = "&".join(
                f"{quote(k, errors='replace')}={quote(v[:3000], errors='replace')}" for k, v in data.items()
            )
            judge.send("forms", client, "GET", form.action.partition("?")[0], QUERY_STRING=query)
            return
        if form.files or multipart:
            for name in form.files:
                data[name] = SimpleUploadedFile(f"{answers[0][:80]}.jpg", fill, "image/jpeg")
            body, kind = encode_multipart(BOUNDARY, {_plain(k): v for k, v in data.items()}), MULTIPART_CONTENT
        else:
            body = "&".join(
                f"{quote(k, errors='replace')}={quote(v, errors='replace')}" for k, v in data.items()
            ).encode()
            kind = "application/x-www-form-urlencoded"
        judge.send("forms", client, "POST", form.action, body, content_type=kind)

    send()


def _plain(name: str) -> str:
    return re.sub(r"[\x00-\x1f\"\\]", "_", name) or "x"
