"""The outbox channel ``sms``: a notice goes to the carrier, and the carrier's answer comes back as an act on the matter.

Accepted: ``<notice's answer>`` as the system *carrier*; the clock that waits for it starts there and then. Refused: the
refusing act with the reason in words, and the clock does not start. Tried again after a crash, nothing is sent twice
that was accepted, and the act has a key of its own; what broke off between the sending and the answer is not sent again,
since no carrier knows our keys, but shown to a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from guangyue.city import clock
from guangyue.city.personal import Purpose
from guangyue.kernel import Actor, Command, Refusal
from guangyue.links.models import Progress, ShortMessage
from guangyue.links.recipients import recipient
from guangyue.links.sms.channel import BusyError, RefusedError, UnansweredError
from guangyue.links.sms.configured import channel
from guangyue.links.sms.parts import split
from guangyue.records.commands import NoSuchMatterError, Order, execute
from guangyue.records.models import Matter
from guangyue.records.outbox import RefusedError as DeadError
from guangyue.records.outbox import TryAgainError, UnknownError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guangyue.records.outbox import Message

__all__ = ["ANSWERS", "CARRIER", "Answer", "serve"]

log = structlog.get_logger()

CARRIER = Actor(id="system:carrier", system="carrier")


@dataclass(frozen=True, slots=True)
class Answer:
    """The acts by which a carrier's answer comes into a matter."""

    accepted: str
    refused: str


ANSWERS: dict[str, Answer] = {"remind": Answer("reminder_accepted", "reminder_refused")}
"""Notice code → acts. A notice that no clock waits for has none."""


_UNKNOWN = "发送时中断，运营商是否已收到不明 · broken off while sending: whether the carrier has it is not known"


def serve(message: Message) -> Mapping[str, Any]:
    """Send one notice.

    Returns:
        the receipt that the outbox keeps: numbers of the parts, or why it was refused; never a telephone number.

    Raises:
        TryAgainError: the carrier cannot take it now.
        DeadError: refused, and no act of the matter says so: it becomes a visible dead letter.
        UnknownError: this attempt or an earlier one went out and no answer was noted: a dead letter too, for a person
            to judge.
    """
    said = message.payload
    row = ShortMessage.objects.filter(key=message.key).first()
    if row is not None and row.progress in {Progress.ACCEPTED, Progress.DELIVERED, Progress.LOST}:
        return {"ids": row.carrier_ids, **_tell(message, row, "")}
    if row is not None and row.progress == Progress.SENDING and message.unanswered:
        raise UnknownError(_UNKNOWN)
    if row is None or row.progress != Progress.REFUSED:
        row = _send(message, row)
    if row.progress == Progress.REFUSED:
        if said.get("notice") not in ANSWERS:
            raise DeadError(row.why)
        return {"refused": row.why, **_tell(message, row, row.why)}
    return {"ids": row.carrier_ids, **_tell(message, row, "")}


def _send(message: Message, row: ShortMessage | None) -> ShortMessage:
    said = message.payload
    now = clock.now()
    if row is None:
        purpose = Purpose(
            reader="outbox:sms", reason=f"notice {said.get('notice', '')}", basis=_basis(str(said["matter"])),
            matter=str(message.matter_id or ""),
        )  # fmt: skip
        found = recipient(str(said["matter"]), str(said.get("to", "")), purpose)
        row = ShortMessage(
            key=message.key, matter=str(said["matter"]), number=found.number or None, text=str(said["zh"]),
            parts=len(split(str(said["zh"]))), made_at=now, why=found.why,
            progress=Progress.SENDING if found.number else Progress.REFUSED, ended_at=None if found.number else now,
        )  # fmt: skip
        row.save(force_insert=True)
        if row.progress == Progress.REFUSED:
            return row
        number = found.number
    else:
        again = Purpose(reader="outbox:sms", reason="sent again after a failure", matter=str(message.matter_id or ""))
        number = row.number.reveal(again)
    try:
        accepted = channel().send(number, str(said["zh"]), key=message.key)
    except BusyError as busy:
        raise TryAgainError(busy.why, busy.after) from None
    except UnansweredError as lost:
        raise UnknownError(lost.why) from None
    except RefusedError as refused:
        row.progress, row.why, row.ended_at = Progress.REFUSED, f"{refused.why} ({refused.code})"[:200], clock.now()
    else:
        row.progress, row.carrier_ids, row.accepted_at = Progress.ACCEPTED, list(accepted.ids), clock.now()
    row.save(update_fields=["progress", "why", "ended_at", "carrier_ids", "accepted_at"])
    return row


def _basis(matter_ref: str) -> str:
    return Matter.objects.filter(ref=matter_ref).values_list("procedure", flat=True).first() or ""


def _tell(message: Message, row: ShortMessage, why: str) -> dict[str, Any]:
    """The carrier's answer as an act on the matter; what the matter says to it goes into the receipt."""
    answer = ANSWERS.get(str(message.payload.get("notice", "")))
    if answer is None:
        return {}
    act = answer.refused if why else answer.accepted
    values = {"reason": why} if why else {}
    command = Command(act=act, received_at=row.accepted_at or row.made_at, values=values)
    order = Order(matter=str(message.payload["matter"]), command=command, actor=CARRIER, key=f"sms:{message.key}:{act}")
    try:
        done = execute(order)
    except NoSuchMatterError:
        raise DeadError("the matter is unknown here") from None
    if isinstance(done, Refusal):
        # The car was gone before the carrier answered, for one: nothing waits for the answer any more.
        log.info("sms.answer_not_wanted", act=act, codes=list(done.codes))
        return {"act": act, "not_wanted": list(done.codes)}
    return {"act": act, "entries": list(done.entries)}
