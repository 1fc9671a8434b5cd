"""SMPP 3.4 (`aiosmpplib`): the carriers' own protocol.

The library lives on an event loop in a thread of its own and keeps the connection: it binds, answers the carrier's
enquiries and binds again with growing pauses when the line breaks. What is sent meanwhile is told to come again. Texts
go as UCS-2 in parts that we cut ourselves: Chinese gateways want headers, not ``message_payload``. The encoding is set
per message; as a default it would garble receipts, whose data coding is 0.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as LateError
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from aiosmpplib import ESME, NPI, TON, AbstractHook, DeliverSm, PhoneNumber, SmppCommandStatus, SubmitSm, SubmitSmResp
from aiosmpplib.broker import SimpleBroker
from aiosmpplib.retrytimer import SimpleExponentialBackoff
from typing_extensions import override

from guangyue.city import clock
from guangyue.links.sms.channel import Accepted, BusyError, Receipt, RefusedError, SmsChannel, UnansweredError
from guangyue.links.sms.parts import headed, split

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from aiosmpplib import SmppMessage

__all__ = ["SmppChannel"]

log = structlog.get_logger()

_UDHI = 0x40
_BUSY = {
    SmppCommandStatus.ESME_RTHROTTLED: timedelta(seconds=5),
    SmppCommandStatus.ESME_RMSGQFUL: timedelta(seconds=15),
    SmppCommandStatus.ESME_RSYSERR: timedelta(seconds=30),
}
_WHY = {
    SmppCommandStatus.ESME_RINVDSTADR: "空号或号码不可达 · the number is not valid",
    SmppCommandStatus.ESME_RINVMSGLEN: "短信过长 · the text is too long",
    SmppCommandStatus.ESME_RINVSRCADR: "发送号码未获准 · our sender number is not permitted",
}


class _Hook(AbstractHook):  # type: ignore[misc]  # the library is not typed for subclassing
    def __init__(self, channel: SmppChannel) -> None:
        self._channel = channel

    async def sending(self, smpp_message: SmppMessage, pdu: bytes, client_id: str) -> None:  # noqa: ARG002 - its signature
        """From here on nobody can say that it did not go out."""
        if isinstance(smpp_message, SubmitSm):
            self._channel.leaves(smpp_message)

    async def received(self, smpp_message: SmppMessage | None, pdu: bytes, client_id: str) -> None:  # noqa: ARG002 - its signature
        """An answer to one of ours, or a receipt."""
        if isinstance(smpp_message, DeliverSm):
            self._channel.received(smpp_message)
        elif smpp_message is not None:
            self._channel.answered(smpp_message)

    async def send_error(self, smpp_message: SmppMessage, error: Exception, client_id: str) -> None:  # noqa: ARG002 - its signature
        """The line broke while a message was on it."""
        self._channel.broke(smpp_message, error)


class _Waiting(SimpleBroker):  # type: ignore[misc]  # the library is not typed for subclassing
    """What waits for the line. A message whose sender has been told to come again must not go out when the line is back."""

    def __init__(self, channel: SmppChannel) -> None:
        super().__init__()
        self._channel = channel

    async def dequeue(self) -> SmppMessage:
        """The next one that somebody still waits for."""
        while True:
            message = await super().dequeue()
            if self._channel.expects(message):
                return message


class _Line(ESME):  # type: ignore[misc]  # the library is not typed for subclassing
    """Closes the socket of a connection that failed; the library forgets it when it makes the next one."""

    _opened: asyncio.StreamWriter | None = None

    async def connect(self) -> None:
        """Bind anew."""
        self.shut()
        try:
            await super().connect()
        finally:
            self._opened = self._writer

    def shut(self) -> None:
        """Close the socket, whatever state it is in."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    async def leave(self) -> None:
        """Say goodbye when there is somebody to say it to."""
        if self.session_state == self.bind_mode.session_state:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stop(), 3)


class SmppChannel(SmsChannel):
    """One bind as transceiver.

    Args:
        host: of the carrier's gateway.
        port: likewise.
        system_id: our name there.
        password: likewise.
        source: the number that messages come from (106…).
        wait: seconds until the carrier has answered for all parts; shorter than the outbox's lease.
        pauses: milliseconds before the second attempt to bind, and how often that doubles.
    """

    def __init__(
        self,
        host: str,
        port: int,
        system_id: str,
        password: str,
        *,
        source: str = "",
        wait: float = 20.0,
        pauses: tuple[int, int] = (1000, 6),
    ) -> None:
        self._wait = wait
        self._source = PhoneNumber(source, TON.UNKNOWN, NPI.UNKNOWN)
        self._take: Callable[[Receipt], None] | None = None
        self._last: asyncio.Future[None] | None = None
        self._pending: dict[str, Future[str]] = {}
        self._left: set[str] = set()
        self._numbers = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        self._esme = _Line(
            host, port, system_id, password, hook=_Hook(self), log_level=logging.CRITICAL,
            retry_timer=SimpleExponentialBackoff(*pauses), client_id=f"guangyue-{id(self)}", broker=_Waiting(self),
        )  # fmt: skip
        self._running = self._loop.create_task(self._esme.start())
        self._thread = threading.Thread(target=self._run, name="smpp", daemon=True)
        self._thread.start()

    @override
    def send(self, number: str, text: str, *, key: str) -> Accepted:
        parts = split(text)
        mark = next(self._numbers)
        messages = []
        for n, (part, body) in enumerate(zip(parts, headed(parts, mark), strict=True)):
            message = SubmitSm(
                log_id=f"{mark}/{n}", extra_data=key, short_message=part, source=self._source, encoding="ucs2",
                destination=PhoneNumber(number.removeprefix("+"), TON.INTERNATIONAL, NPI.ISDN),
                esm_class=_UDHI if len(parts) > 1 else 0, registered_delivery=1,
            )  # fmt: skip
            message.set_encoded_message(body)
            messages.append(message)
        answers = [self._pending.setdefault(m.log_id, Future()) for m in messages]
        end = time.monotonic() + self._wait  # for all parts together: the outbox's lease is longer
        try:
            self._ask(self._enqueue(messages), self._wait)
            return Accepted(tuple(answer.result(max(0.0, end - time.monotonic())) for answer in answers))
        except LateError:
            why = "运营商没有应答 · the carrier does not answer"
            raise (UnansweredError(why) if self._gone(messages) else BusyError(why)) from None
        finally:
            for message in messages:
                self._pending.pop(message.log_id, None)
                self._left.discard(message.log_id)

    @override
    def on_receipt(self, take: Callable[[Receipt], None]) -> None:
        self._take = take

    @override
    def close(self) -> None:
        if self._thread.is_alive():
            with contextlib.suppress(LateError):
                self._ask(self._esme.leave(), 5)
            # Having said goodbye, the line may end by itself before it is told to.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._running.cancel)
            self._thread.join(timeout=5)

    def expects(self, message: SmppMessage) -> bool:
        """Whether somebody still waits for the answer to this part (on the loop)."""
        return not isinstance(message, SubmitSm) or message.log_id in self._pending

    def leaves(self, message: SubmitSm) -> None:
        """A part is about to be written (on the loop).

        Raises:
            ValueError: nobody waits for it any more; it stays here, and the line stays as it is.
        """
        if message.log_id not in self._pending:
            raise ValueError("given up")
        self._left.add(message.log_id)

    def _gone(self, messages: list[SubmitSm]) -> bool:
        """Whether a part was written that the carrier may have."""
        return any(m.log_id in self._left for m in messages)

    def answered(self, message: SmppMessage) -> None:
        """The carrier's answer to a part (on the loop)."""
        waiting = self._pending.get(getattr(message, "log_id", "") or "")
        if waiting is None or waiting.done():
            return
        status = message.command_status
        if status == SmppCommandStatus.ESME_ROK and isinstance(message, SubmitSmResp):
            waiting.set_result(message.message_id)
        elif status in _BUSY:
            waiting.set_exception(BusyError("运营商限流 · the carrier asks for patience", _BUSY[status]))
        else:
            why = _WHY.get(status, "运营商拒收 · the carrier refused the message")
            waiting.set_exception(RefusedError(status.name, why))

    def broke(self, message: SmppMessage, error: Exception) -> None:
        """A part that did not leave (on the loop)."""
        waiting = self._pending.get(getattr(message, "log_id", "") or "")
        if waiting is not None and not waiting.done():
            why = f"线路中断 · the line broke: {type(error).__name__}"
            gone = message.log_id in self._left
            waiting.set_exception(UnansweredError(why) if gone else BusyError(why))

    def received(self, message: DeliverSm) -> None:
        """A receipt (on the loop)."""
        said = message.parse_receipt()
        carrier_id = str(said.get("id") or "")
        if carrier_id and self._take is not None:
            state = str(said.get("stat") or "").upper()
            receipt = Receipt(carrier_id, state == "DELIVRD", state, clock.now())
            # What is done with it may take its time, and the line must not wait.
            self._last = self._loop.run_in_executor(None, self._take, receipt)

    async def _enqueue(self, messages: list[SubmitSm]) -> None:
        for message in messages:
            await self._esme.broker.enqueue(message)

    def _ask(self, what: Coroutine[object, object, None], wait: float) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(wait)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._running)
        except asyncio.CancelledError:
            log.info("smpp.closed")
        finally:
            self._esme.shut()
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()
