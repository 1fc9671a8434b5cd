"""Uploads to the traffic platform: signed, exactly once in effect, whatever the line does."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guangyue.demo.standins.traffic_platform import Platform, Server
from guangyue.links.traffic_platform import outbox
from guangyue.links.traffic_platform.signing import FRESH, SignatureError, Signer, private_key, verify
from guangyue.records.outbox import (
    Dispatcher,
    Message,
    Outcome,
    RefusedError,
    TryAgainError,
    dead_letters,
    enqueue,
    register,
)

KEY = Ed25519PrivateKey.generate()
PAYLOAD = {
    "what": "violation",
    "procedure": "streets.parking",
    "matter": "m-1",
    "fields": {"plate": "鲁T12345", "street": "柳荫路"},
}


@pytest.fixture
def platform(monkeypatch, tmp_path):
    made = []

    def start(*faults: str, key=None) -> Platform:
        held = Platform(key=key, faults=faults or ("ok",), delay=0.6)
        server = Server(0, held)
        made.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        monkeypatch.setenv("GUANGYUE_TRAFFIC_PLATFORM", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("GUANGYUE_TRAFFIC_PLATFORM_KEY", str(tmp_path / "our.pem"))
        monkeypatch.setattr(outbox, "TIMEOUT", 0.4)
        return held

    yield start
    for server in made:
        server.shutdown()
        server.server_close()


def message(key: str = "m-1#3:violation", **fields: str) -> Message:
    return Message(1, "traffic_platform", key, 1, 3, PAYLOAD | ({"fields": fields} if fields else {}), 1)


def test_a_record_is_signed_with_our_key_and_answered_with_a_number(platform, tmp_path):
    ours = private_key(tmp_path / "our.pem")
    held = platform(key=ours.public_key())
    receipt = outbox.serve(message())
    assert receipt["number"] in held.records
    assert held.records[receipt["number"]]["record"] == {"plate": "鲁T12345", "street": "柳荫路"}
    assert (tmp_path / "our.pem").stat().st_mode & 0o077 == 0


def test_a_platform_that_does_not_know_our_key_refuses_and_keeps_nothing(platform):
    held = platform(key=KEY.public_key())
    with pytest.raises(RefusedError, match="401 signature"):
        outbox.serve(message())
    assert held.records == {}


@pytest.mark.parametrize("fault", ["lose", "drop", "fail"])
def test_sent_five_times_over_a_bad_line_it_is_one_record(platform, fault):
    held = platform(fault, fault, fault, fault, "ok", "ok")
    for _ in range(4):
        with pytest.raises(TryAgainError):
            outbox.serve(message())
    outbox.serve(message())
    outbox.serve(message())
    assert len(held.records) == 1


def test_an_answer_that_comes_too_late_or_twice_makes_no_second_record(platform, monkeypatch):
    held = platform("delay", "twice")
    with pytest.raises(TryAgainError, match="no answer"):
        outbox.serve(message())
    time.sleep(held.delay)  # the platform finishes what we no longer wait for
    assert outbox.serve(message())["replayed"]
    assert len(held.records) == 1


def test_trouble_says_how_long_to_wait_and_a_wrong_record_is_for_a_person(platform):
    platform("fail")
    with pytest.raises(TryAgainError) as later:
        outbox.serve(message())
    assert later.value.after == timedelta(seconds=1)
    platform("ok")
    with pytest.raises(RefusedError, match=r"record\.plate"):
        outbox.serve(message(street="柳荫路"))


def test_the_same_key_with_another_record_is_refused(platform):
    platform("ok")
    outbox.serve(message(plate="鲁T11111"))
    with pytest.raises(RefusedError, match=r"idempotency\.other_request"):
        outbox.serve(message(plate="鲁T22222"))


@pytest.mark.database
def test_through_the_outbox_with_every_fault_it_ends_as_one_record_and_one_receipt(platform, city_database):
    held = platform("drop", "fail", "lose", "delay", "twice")
    register("traffic_platform", outbox.serve)
    with psycopg.connect(city_database.app, autocommit=True) as raw:
        enqueue(raw, "traffic_platform", "m-1#3:violation", PAYLOAD)
        outcomes = []
        for _ in range(5):
            outcomes.append(Dispatcher(raw).once())
            raw.execute("update outbox set next_attempt_at = city_now() where sent_at is null")
        assert outcomes[-1] == Outcome(sent=1)
        assert dead_letters(raw) == []
        receipt = raw.execute("select receipt from outbox").fetchone()[0]
    assert list(held.records) == [receipt["number"]]


BODY = json.dumps(PAYLOAD).encode()


def signed(now: float = 1000.0) -> dict[str, str]:
    made = Signer(KEY, "city").headers("POST", "/api/violations", BODY, "k", now)
    return {name.lower(): value for name, value in made.items()}


def test_a_signature_covers_method_path_body_key_and_time():
    good = signed()
    verify("POST", "/api/violations", BODY, good, KEY.public_key(), 1000.0 + FRESH)
    changes = (
        ("PUT", "/api/violations", BODY, {}, 1000.0),
        ("POST", "/api/other", BODY, {}, 1000.0),
        ("POST", "/api/violations", BODY + b" ", {}, 1000.0),
        ("POST", "/api/violations", BODY, {"idempotency-key": "another"}, 1000.0),
        ("POST", "/api/violations", BODY, {}, 1001.0 + FRESH),
        ("POST", "/api/violations", BODY, {"signature": "sig1=:AAAA:"}, 1000.0),
        ("POST", "/api/violations", BODY, {"signature-input": ""}, 1000.0),
        ("POST", "/api/violations", BODY, {"signature-input": good["signature-input"].replace("1000", "1100")}, 1000.0),
    )
    for method, path, body, other, now in changes:
        with pytest.raises(SignatureError):
            verify(method, path, body, good | other, KEY.public_key(), now)
