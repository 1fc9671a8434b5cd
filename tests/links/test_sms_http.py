"""An operator's HTTP gateway: accepted, refused, later, receipts; against a real peer on loopback."""

from __future__ import annotations

import base64
import json
import queue
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from guangyue.links.sms.channel import Accepted, BusyError, RefusedError
from guangyue.links.sms.configured import made
from guangyue.links.sms.http import HttpChannel

AT = datetime(2026, 11, 22, 1, tzinfo=UTC)
NUMBER, TEXT = "+8613800000000", "【城警联动】您的车辆鲁P12345违法停放，请在10分钟内驶离。"


class Gateway(BaseHTTPRequestHandler):
    """A gateway as an operator might run it: it knows keys, numbers that do not exist, and when it has had enough."""

    def do_POST(self) -> None:
        peer = self.server.peer
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        peer.seen.append((self.path, dict(self.headers), said))
        key = self.headers["Idempotency-Key"]
        if self.headers["Authorization"] != peer.password:
            return self.answer(401, {"code": "auth", "message": "unknown name"})
        if peer.faults and (fault := peer.faults.pop(0)):
            return self.answer(*fault)
        if said["to"] == "+8610000000000":
            return self.answer(422, {"code": "EMPTY", "message": "空号"})
        ids = peer.known.setdefault(key, [f"g{len(peer.known)}"])
        return self.answer(202, {"ids": ids})

    def do_GET(self) -> None:
        peer = self.server.peer
        after = int(parse_qs(urlsplit(self.path).query).get("after", ["0"])[0] or 0)
        self.answer(200, {"receipts": peer.receipts[after:], "next": str(len(peer.receipts))})

    def answer(self, status, body, headers=()):
        text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in (*dict(headers).items(), ("Content-Length", str(len(text)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class Peer:
    """The gateway's memory."""

    def __init__(self) -> None:
        self.seen, self.known, self.faults, self.receipts = [], {}, [], []
        self.password = "Basic " + base64.b64encode("光岳:s3cret@/".encode()).decode()


@pytest.fixture
def peer():
    held = Peer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    server.peer = held
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    held.base = f"http://127.0.0.1:{server.server_port}/v1/"
    yield held
    server.shutdown()
    server.server_close()


@pytest.fixture
def channel(peer):
    opened = HttpChannel(peer.base, "光岳", "s3cret@/", source="10690001", wait=5, every=0.02)
    yield opened
    opened.close()


def test_accepted_under_its_key_and_sent_again_it_is_the_same_message(peer, channel):
    assert channel.send(NUMBER, TEXT, key="m-1#1:remind") == Accepted(("g0",))
    assert channel.send(NUMBER, TEXT, key="m-1#1:remind") == Accepted(("g0",))
    assert channel.send(NUMBER, TEXT, key="m-2#1:remind") == Accepted(("g1",))
    path, headers, said = peer.seen[0]
    assert (path, said) == ("/v1/messages", {"to": NUMBER, "text": TEXT, "source": "10690001"})
    assert headers["Idempotency-Key"] == "m-1#1:remind"


def test_a_number_that_does_not_exist_is_refused_for_good_with_the_gateways_word(channel):
    with pytest.raises(RefusedError) as refused:
        channel.send("+8610000000000", TEXT, key="k")
    assert (refused.value.code, refused.value.why) == ("EMPTY", "空号")


@pytest.mark.parametrize(
    ("fault", "after"),
    [
        ((429, {"code": "slow"}, {"Retry-After": "7"}), timedelta(seconds=7)),
        ((503, {}), None),
        ((200, {"ids": []}), None),
        ((200, ["nonsense"]), None),
        ((302, {}, {"Location": "http://elsewhere/"}), None),
    ],
)
def test_what_is_no_clear_answer_is_tried_again_later(peer, channel, fault, after):
    peer.faults.append(fault)
    with pytest.raises(BusyError) as busy:
        channel.send(NUMBER, TEXT, key="k")
    assert busy.value.after == after
    assert channel.send(NUMBER, TEXT, key="k").ids == ("g0",)


def test_nobody_there_and_a_wrong_password_are_no_fault_of_the_message(peer):
    with pytest.raises(BusyError):
        HttpChannel("http://127.0.0.1:9/", "x", "y", wait=2).send(NUMBER, TEXT, key="k")
    with pytest.raises(BusyError):
        HttpChannel(peer.base, "光岳", "wrong", wait=5).send(NUMBER, TEXT, key="k")


def test_receipts_come_each_once_and_an_unreadable_one_stops_nothing(peer, channel):
    came: queue.Queue = queue.Queue()
    good = {"id": "g0", "delivered": True, "detail": "DELIVRD", "at": AT.isoformat()}
    peer.receipts += [good, {"id": "g1", "delivered": True, "at": "yesterday"}]
    channel.on_receipt(came.put)
    first = came.get(timeout=10)
    assert (first.carrier_id, first.delivered, first.detail, first.at) == ("g0", True, "DELIVRD", AT)
    peer.receipts.append({"id": "g2", "delivered": False, "detail": "UNDELIV", "at": AT.isoformat()})
    second = came.get(timeout=10)
    assert (second.carrier_id, second.delivered) == ("g2", False)
    assert came.empty(), "none came twice"


def test_it_is_made_by_its_setting_and_never_in_the_clear(peer):
    place = peer.base.removeprefix("http://")
    named = made(f"http://%E5%85%89%E5%B2%B3:s3cret%40%2F@{place}?source=10690001")
    assert named.send(NUMBER, TEXT, key="k").ids == ("g0",)
    with pytest.raises(ValueError, match="https"):
        made("http://name:password@sms.example.cn/v1/")
