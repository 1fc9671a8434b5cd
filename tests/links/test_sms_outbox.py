"""From the photograph to the clock: the notice goes to the carrier, and its answer starts the ten minutes or does not."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.db import connection

from guangyue.city.models import Person
from guangyue.city.personal import record_reads_with
from guangyue.city.personal.installed import forget
from guangyue.desks.streets.procedures.parking import PARKING
from guangyue.kernel import Actor, Command, Piece
from guangyue.links import vehicles
from guangyue.links.models import Progress, ShortMessage, Vehicle
from guangyue.links.sms import configured, outbox, receipts
from guangyue.links.sms.channel import Accepted, BusyError
from guangyue.links.sms.local import LocalChannel
from guangyue.records.access_log import log_reading
from guangyue.records.commands import Done, Order, execute
from guangyue.records.database import city_now, db
from guangyue.records.library import LIBRARY
from guangyue.records.models import Matter
from guangyue.records.outbox import Message, TryAgainError, UnknownError

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=False)]

OFFICER = Actor(id="account:1", roles=frozenset({"urban_officer"}), agency="urban", level="county", unit="UM-D1",
                qualities=frozenset({"certified"}))  # fmt: skip
PLATE, PHONE = "鲁T12345", "+8617200000042"


@pytest.fixture(autouse=True)
def house(monkeypatch):
    """Keys of this database, the access log, and a carrier that refuses one number."""
    forget()
    before = record_reads_with(log_reading)
    if PARKING.code not in LIBRARY.codes():
        LIBRARY.register(PARKING)
    line = LocalChannel(refuses=frozenset({"+8617200000099"}))
    line.on_receipt(receipts.take)
    monkeypatch.setattr(outbox, "channel", lambda: line)
    yield line
    record_reads_with(before)
    forget()


def register_car(plate: str = PLATE, phone: str | None = PHONE) -> None:
    owner = Person.objects.create(number=f"R-{plate}", name="禾知秋", phone=phone)
    Vehicle.objects.create(plate=plate, plate_kind="ordinary", owner=owner)


def record(plate: str = PLATE) -> str:
    now = city_now(db())
    photo = Piece(set="first", sha256="a" * 64, taken_at=now, panorama=True, plate_legible=True, located=True)
    values = {"plate": plate, "street": "柳荫路"}
    command = Command(act="record", received_at=now, values=values, evidence=(photo,))
    done = execute(Order(command=command, actor=OFFICER, procedure=PARKING.code, key=f"rec-{plate}"))
    assert isinstance(done, Done), done
    return done.matter


def remind(attempt: int = 1) -> Message:
    """The notice as it lies in the outbox."""
    row = (
        db()
        .execute("select id, channel, key, matter_id, seq, payload from outbox where channel = 'sms' order by id")
        .fetchone()
    )
    payload = json.loads(row[5]) if isinstance(row[5], str) else row[5]
    return Message(*row[:5], payload, attempt)


def state(ref: str) -> str:
    return Matter.objects.get(ref=ref).state


def clocks(ref: str) -> list[str]:
    rows = db().execute(
        "select key from deadline d join matter m on m.id = d.matter_id where m.ref = %s and d.ended_at is null", [ref]
    )
    return sorted(key for (key,) in rows.fetchall())


def test_accepted_by_the_carrier_starts_the_ten_minutes_and_a_second_try_sends_nothing():
    register_car()
    ref = record()
    assert (state(ref), clocks(ref)) == ("noticed", ["reach"])
    receipt = outbox.serve(remind())
    assert (state(ref), clocks(ref)) == ("reminded", ["grace"])
    assert receipt["act"] == "reminder_accepted"
    again = outbox.serve(remind(2))
    assert again["ids"] == receipt["ids"]
    assert ShortMessage.objects.count() == 1
    assert Matter.objects.get(ref=ref).seq == 2, "one record, one reminder"


def test_refused_by_the_carrier_the_clock_does_not_start_and_the_reason_stands_in_the_journal():
    register_car(phone="+8617200000099")
    ref = record()
    receipt = outbox.serve(remind())
    assert (state(ref), clocks(ref)) == ("unreached", [])
    assert "空号" in receipt["refused"]
    body = db().execute("select body from journal order by seq desc limit 1").fetchone()[0]
    assert "空号" in body
    assert outbox.serve(remind(2))["refused"] == receipt["refused"]
    assert Matter.objects.get(ref=ref).seq == 2


@pytest.mark.parametrize("phone", [None, "nobody"])
def test_without_an_owner_or_a_number_the_officer_is_told_why(phone):
    if phone is None:
        register_car(phone=None)
    ref = record()
    why = outbox.serve(remind())["refused"]
    assert state(ref) == "unreached"
    assert ("号码" if phone is None else "车主") in why


def test_neither_number_nor_name_of_the_owner_leaves_the_links():
    register_car()
    ref = record()
    receipt = outbox.serve(remind())
    told = json.dumps(receipt, ensure_ascii=False)
    journal = " ".join(body for (body,) in db().execute("select body from journal").fetchall())
    for secret in (PHONE, PHONE[3:], "禾知秋"):
        assert secret not in told
        assert secret not in journal
        assert secret not in json.dumps(Matter.objects.get(ref=ref).snapshot, ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute("select text, number from links_shortmessage")
        assert PHONE[3:].encode() not in b"".join(bytes(v) for v in cursor.fetchone())


def test_the_reading_of_the_number_stands_in_the_access_log_with_its_matter():
    register_car()
    record()
    outbox.serve(remind())
    body = json.loads(db().execute("select body from access_log").fetchone()[0])
    assert (body["viewer"], body["purpose"], body["basis"]) == ("outbox:sms", "notice remind", "streets.parking")
    assert body["matter"] == Matter.objects.get().pk


def test_a_busy_carrier_is_tried_again_and_the_message_keeps_its_row(monkeypatch):
    register_car()
    ref = record()

    class Busy(LocalChannel):
        tries = 0

        def send(self, number, text, *, key):
            Busy.tries += 1
            if Busy.tries == 1:
                raise BusyError("later")
            assert number == PHONE
            return Accepted(("x1",))

    monkeypatch.setattr(outbox, "channel", Busy)
    with pytest.raises(TryAgainError):
        outbox.serve(remind())
    assert state(ref) == "noticed"
    outbox.serve(remind(2))
    assert state(ref) == "reminded"
    assert ShortMessage.objects.count() == 1


def test_what_broke_off_while_sending_is_not_sent_again_by_itself(monkeypatch, house):
    """The process died after the carrier took the message and before that was noted."""
    register_car()
    record()
    sent = []

    class Dying(LocalChannel):
        def send(self, number, text, *, key):
            sent.append(key)
            raise KeyboardInterrupt

    monkeypatch.setattr(outbox, "channel", Dying)
    with pytest.raises(KeyboardInterrupt):
        outbox.serve(remind())
    monkeypatch.setattr(outbox, "channel", lambda: house)
    with pytest.raises(UnknownError, match="not known"):
        outbox.serve(replace(remind(2), unanswered=True))
    assert len(sent) == 1
    assert ShortMessage.objects.get().progress == Progress.SENDING


def test_a_car_that_left_before_the_carrier_answered_needs_no_answer():
    register_car()
    ref = record()
    command = Command(act="gone", received_at=city_now(db()))
    assert isinstance(execute(Order(command=command, actor=OFFICER, matter=ref)), Done)
    assert outbox.serve(remind())["not_wanted"]
    assert state(ref) == "left"


def test_receipts_mark_the_message_and_start_no_clock(house):
    register_car()
    ref = record()
    ids = outbox.serve(remind())["ids"]
    before = Matter.objects.get(ref=ref).seq
    house.deliver("unknown")
    for one in ids:
        house.deliver(one)
    assert ShortMessage.objects.get().progress == Progress.DELIVERED
    house.deliver(ids[0], delivered=False)
    assert ShortMessage.objects.get().progress == Progress.DELIVERED, "a late word does not undo the phone's own"
    assert Matter.objects.get(ref=ref).seq == before


def test_a_plate_is_found_however_it_is_written():
    register_car()
    assert vehicles.owner_of("鲁T·123 45").number == f"R-{PLATE}"
    assert vehicles.owner_of("鲁T54321") is None


@pytest.mark.parametrize(("named", "kind"), [("local", "LocalChannel")])
def test_the_setting_names_the_channel(named, kind):
    assert type(configured.made(named)).__name__ == kind
    with pytest.raises(ValueError, match="no channel"):
        configured.made("pigeon://loft")
