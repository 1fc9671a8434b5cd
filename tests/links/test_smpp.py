"""SMPP against another implementation of the protocol: text as sent, refusals, throttling, receipts, a broken line."""

from __future__ import annotations

import queue
from datetime import timedelta

import pytest
from tests.installation import free_port
from tests.links.conftest import Smsc

from guangyue.links.sms.channel import BusyError, RefusedError, UnansweredError
from guangyue.links.sms.smpp import SmppChannel

SHORT = "【城警联动】您的车辆鲁T·12345于柳荫路违法停放，请在10分钟内驶离。"
LONG = SHORT * 3 + "𠮷"


@pytest.fixture(scope="module")
def line(smsc):
    channel = SmppChannel("127.0.0.1", smsc.port, "city", "pw", source="10690000", wait=8, pauses=(100, 2))
    receipts: queue.Queue = queue.Queue()
    channel.on_receipt(receipts.put)
    assert smsc.wait("bind")["as"] == "city"
    yield channel, receipts
    channel.close()
    smsc.wait("unbind")


def test_a_short_text_arrives_as_it_was_and_comes_back_as_delivered(smsc, line):
    channel, receipts = line
    accepted = channel.send("+8617200000001", SHORT, key="a")
    seen = smsc.wait("submit")
    assert (seen["to"], seen["from"], seen["coding"], seen["text"]) == ("8617200000001", "10690000", 8, SHORT)
    assert seen["udh"] is None
    receipt = receipts.get(timeout=10)
    assert (receipt.carrier_id,) == accepted.ids
    assert (receipt.delivered, receipt.detail) == (True, "DELIVRD")


def test_a_long_text_goes_in_parts_with_headers_and_never_as_payload(smsc, line):
    channel, receipts = line
    accepted = channel.send("+8617200000002", LONG, key="b")
    parts = [smsc.wait("submit") for _ in accepted.ids]
    assert len(parts) == len(set(accepted.ids)) > 1
    assert not any(p["payload"] for p in parts)
    places = [bytes.fromhex(p["udh"][0]) for p in parts]
    assert [(p[-2], p[-1]) for p in places] == [(len(parts), n) for n in range(1, len(parts) + 1)]
    assert len({p[-3] for p in places}) == 1, "one reference for all parts"
    assert "".join(p["text"] for p in parts) == LONG
    assert {receipts.get(timeout=10).carrier_id for _ in parts} == set(accepted.ids)


def test_what_the_carrier_refuses_is_refused_with_a_reason_a_clerk_understands(smsc, line):
    channel, _ = line
    with pytest.raises(RefusedError) as refused:
        channel.send("+8617200000099", SHORT, key="c")
    assert refused.value.code == "ESME_RINVDSTADR"
    assert "空号" in refused.value.why
    smsc.wait("submit")


def test_a_throttled_message_is_told_when_to_come_again_and_then_passes(smsc, line):
    channel, receipts = line
    with pytest.raises(BusyError) as busy:
        channel.send("+8617200000088", SHORT, key="d")
    assert busy.value.after == timedelta(seconds=5)
    assert channel.send("+8617200000088", SHORT, key="d").ids
    smsc.wait("submit")
    smsc.wait("submit")
    receipts.get(timeout=10)


def test_a_message_that_never_arrives_comes_back_as_lost(smsc, line):
    channel, receipts = line
    accepted = channel.send("+8617200000077", SHORT, key="e")
    receipt = receipts.get(timeout=10)
    assert (receipt.carrier_id, receipt.delivered, receipt.detail) == (accepted.ids[0], False, "UNDELIV")
    smsc.wait("submit")


def test_after_the_line_breaks_it_binds_again_by_itself(smsc, line):
    channel, receipts = line
    smsc.break_line()
    smsc.wait("bind")
    assert channel.send("+8617200000003", SHORT, key="f").ids
    smsc.wait("submit")
    receipts.get(timeout=10)


def test_a_wrong_password_is_busy_and_not_a_crash(smsc):
    channel = SmppChannel("127.0.0.1", smsc.port, "city", "wrong", wait=0.7, pauses=(100, 2))
    with pytest.raises(BusyError):
        channel.send("+8617200000001", SHORT, key="g")
    channel.close()


def test_what_was_told_to_come_again_stays_here_when_the_line_is_back(smsc):
    port = free_port()
    channel = SmppChannel("127.0.0.1", port, "city", "pw", wait=0.7, pauses=(100, 2))
    with pytest.raises(BusyError):
        channel.send("+8617200000004", SHORT, key="h")
    peer = Smsc(port)
    try:
        peer.wait("bind")
        channel._wait = 20
        assert channel.send("+8617200000005", SHORT, key="i").ids
        assert peer.wait("submit")["to"] == "8617200000005"
    finally:
        channel.close()
        peer.end()


def test_a_message_that_left_and_is_never_answered_is_not_said_to_be_free_to_go_again(smsc):
    channel = SmppChannel("127.0.0.1", smsc.port, "city", "pw", wait=2, pauses=(100, 2))
    smsc.wait("bind")
    with pytest.raises(UnansweredError):
        channel.send("+8617200000066", SHORT, key="j")
    assert smsc.wait("submit")["to"].endswith("66")
    channel.close()
