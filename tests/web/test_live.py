"""The hub tells each stream what its viewer may see, once and without a gap; a request is served whole, a stream lasts."""

from __future__ import annotations

import asyncio
import json

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.urls import path as address
from tests.web.conftest import Town
from tests.web.sessions import session_key

from guangyue.city.accounts.sessions import end_sessions
from guangyue.city.models import BrowserSession, RoleHolding
from guangyue.records.matters import cursor_now
from guangyue.web.console.hub import MOST_WAITING, SIGNED_OUT, Hub, Stream
from guangyue.web.console.stream import _missed
from guangyue.web.serving import GULP, Application

pytestmark = [pytest.mark.database]


def watching(who, language="zh-hans") -> Stream:
    return Stream(session_key(who.account), language)


def numbers(message) -> list[str]:
    data = next(line for line in message.splitlines() if line.startswith("data: "))
    return [c["id"] for c in json.loads(data[6:])["changes"]]


@pytest.fixture
def streets(transactional_db, town: Town):
    hub = Hub()
    people = {
        "li": town.someone("urban_officer", "urban-1"), "wang": town.someone("urban_officer", "urban-2"),
        "chief": town.someone("urban_officer", "urban", below=True),
    }  # fmt: skip
    return town, hub, people


def told(hub, *streams):
    hub._streams.update(streams)
    return hub._look()


def test_each_stream_hears_what_its_viewer_may_see(streets):
    town, hub, people = streets
    li, wang, chief = watching(people["li"]), watching(people["wang"]), watching(people["chief"], "en")
    told(hub, li, wang, chief)
    made = people["li"].post("/api/matters", town.opening(people["li"])).json()["id"]
    said = told(hub, li, wang, chief)
    assert numbers(said[li]) == [made] == numbers(said[chief])
    assert said[wang].endswith(": still here\n\n"), "another brigade's matter"
    assert "Photographed" in said[chief]
    assert "Photographed" not in said[li]
    assert told(hub, li, wang, chief) == {}, "nothing new is nothing said"


def test_who_joins_asks_for_what_was_before_and_hears_what_comes_after(streets):
    town, hub, people = streets
    here, li = cursor_now(), watching(people["li"])
    told(hub)
    first = people["li"].post("/api/matters", town.opening(people["li"], "鲁P10001")).json()["id"]
    hub._look()
    hub._streams.add(li)
    assert numbers(_missed(li.key, here, "zh-hans")) == [first]
    second = people["li"].post("/api/matters", town.opening(people["li"], "鲁P10002")).json()["id"]
    assert numbers(hub._look()[li]) == [second]


def test_a_role_or_a_session_that_ends_silences_the_stream(streets):
    town, hub, people = streets
    li, wang = watching(people["li"]), watching(people["wang"])
    idle = watching(people["chief"])
    told(hub, li, wang, idle)
    RoleHolding.objects.filter(person=people["li"].account.person).update(unit=town.units["urban-2"])
    end_sessions(people["wang"].account.pk)
    BrowserSession.objects.filter(account=people["chief"].account).update(seen_at="2020-01-01T00:00:00Z")
    other = town.someone("urban_officer", "urban-1")
    other.post("/api/matters", town.opening(other))
    said = hub._look()
    assert "still here" in said[li], "moved to another brigade: the change of role acts at once"
    assert said[wang] == said[idle] == SIGNED_OUT
    assert _missed(wang.key, cursor_now(), "en") is None


def test_a_unit_that_moves_changes_what_is_heard(streets):
    town, hub, people = streets
    chief = watching(people["chief"])
    told(hub, chief)
    li = people["li"]
    assert numbers(_after(hub, town, li, chief, "鲁P10001"))
    unit = town.units["urban-1"]
    unit.path = town.units["traffic"].path + "moved/"
    unit.save(update_fields=["path"])
    assert "still here" in _after(hub, town, li, chief, "鲁P10002")


def _after(hub, town, who, stream, plate):
    assert who.post("/api/matters", town.opening(who, plate)).status_code == 201
    return hub._look()[stream]


def test_a_stream_that_cannot_keep_up_is_ended():
    stream = Stream("key", "en")
    for n in range(MOST_WAITING + 5):
        stream.give(f"{n}")
    heard = [stream.messages.get_nowait() for _ in range(stream.messages.qsize())]
    assert heard == [*map(str, range(MOST_WAITING - 1)), None]


def test_a_hub_that_fails_ends_its_streams_and_begins_anew(monkeypatch):
    stream = Stream("key", "en")

    async def story():
        hub = Hub()
        monkeypatch.setattr(hub, "_look", lambda: 1 / 0)
        hub.join(stream)
        heard = await asyncio.wait_for(stream.messages.get(), 30)
        hub.leave(stream)
        return heard, hub._cursor

    assert asyncio.run(story()) == (None, "")


# --- how requests are served


def plain(request):
    answer = HttpResponse(f"{request.method} {request.body.decode()} {request.GET.get('q', '')}")
    answer.set_cookie("a", "1")
    answer.set_cookie("b", "2")
    return answer


def file(request, folder=[]):  # noqa: B006 - the test puts the path there
    return FileResponse(folder[0].open("rb"))


def endless(request):
    async def forever():
        try:
            while True:
                yield "x\n"
                await asyncio.sleep(0)
        finally:
            endless.closed = True

    return StreamingHttpResponse(forever())


def broken(request):
    raise RuntimeError("no")


urlpatterns = [address("plain", plain), address("file", file), address("endless", endless), address("broken", broken)]


def served(path, *, body=b"", method="GET", query=b"", until=None):
    """The messages that the application sends; the client goes away after ``until`` of them."""
    sent, came = (
        [],
        iter(
            [{"type": "http.request", "body": body[:3], "more_body": True}, {"type": "http.request", "body": body[3:]}]
        ),
    )

    async def story():
        gone = asyncio.Event()

        async def receive():
            message = next(came, None)
            if message is None:
                await gone.wait()
                return {"type": "http.disconnect"}
            return message

        async def send(message):
            sent.append(message)
            if until is not None and len(sent) >= until:
                gone.set()

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query,
            "headers": [(b"host", b"localhost")],
        }
        await asyncio.wait_for(Application(2)(scope, receive, send), 60)

    asyncio.run(story())
    return sent


@pytest.fixture
def bare(settings):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []


def test_a_request_is_read_and_answered_whole(bare):
    head, content = served("/plain", body="旧城街".encode(), method="POST", query=b"q=7")
    assert (head["status"], content["body"].decode()) == (200, "POST 旧城街 7")
    assert sorted(v.partition(b";")[0] for k, v in head["headers"] if k == b"set-cookie") == [b"a=1", b"b=2"]


def test_a_file_comes_in_pieces(bare, tmp_path):
    kept = tmp_path / "film.bin"
    kept.write_bytes(bytes(range(256)) * 4096)
    file.__defaults__[0][:] = [kept]
    _, *parts = served("/file")
    assert b"".join(p.get("body", b"") for p in parts) == kept.read_bytes()
    assert len(parts) > 2
    assert max(len(p.get("body", b"")) for p in parts) < 2 * GULP


def test_whoever_goes_away_ends_the_stream(bare):
    endless.closed = False
    served("/endless", until=5)
    assert endless.closed


def test_a_page_that_breaks_is_an_error_and_not_a_hang(bare, caplog):
    head, _ = served("/broken")
    assert head["status"] == 500
