"""An operator's HTTP gateway (短信 HTTP 网关): one request a message, receipts fetched from time to time.

What a gateway must understand, JSON both ways, over HTTPS (plain HTTP on this machine alone), HTTP Basic for our name:

* ``POST <base>messages`` with ``{"to", "text", "source"}`` and an ``Idempotency-Key``. 200 or 202 with ``{"ids": [...]}``
  means accepted; the same key again has the same answer. 408, 425, 429, 5xx, and 401 and 403 (our own setting) mean
  later (``Retry-After`` in seconds); any other 4xx with ``{"code", "message"}`` means never.
* ``GET <base>receipts?after=<next>`` answers ``{"receipts": [{"id", "delivered", "detail", "at"}], "next"}``.

Gateways that speak another dialect get a small module like this one beside it; nothing else changes.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import threading
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import structlog
from typing_extensions import override

from guangyue.links.exchange import Answer, NoAnswerError, exchange
from guangyue.links.sms.channel import Accepted, BusyError, Receipt, RefusedError, SmsChannel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["HttpChannel"]

log = structlog.get_logger()
_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_NOT_US = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
"""Our name or password: the message is not at fault, and can go once the setting is right."""


class HttpChannel(SmsChannel):
    """A gateway at a base address.

    Args:
        base: its address, without name and password.
        name: our name there. password: likewise.
        source: the number that messages come from (106…).
        wait: seconds until it has answered; shorter than the outbox's lease.
        every: seconds between two looks for receipts.

    Raises:
        ValueError: an address that would send numbers in the clear over a network.
    """

    def __init__(
        self, base: str, name: str, password: str, *, source: str = "", wait: float = 20.0, every: float = 15.0
    ) -> None:
        self._base = base if base.endswith("/") else f"{base}/"
        to = urlsplit(self._base)
        if to.scheme != "https" and not _here(to.hostname or ""):
            raise ValueError("GUANGYUE_SMS: a gateway outside this machine is reached by https")
        self._pass = "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()
        self._source, self._wait, self._every = source, wait, every
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    @override
    def send(self, number: str, text: str, *, key: str) -> Accepted:
        body = {"to": number, "text": text, "source": self._source}
        answer = self._ask("POST", "messages", body, key)
        status, said = answer.status, answer.said
        ids = said.get("ids")
        if status in {HTTPStatus.OK, HTTPStatus.ACCEPTED} and isinstance(ids, list) and ids:
            return Accepted(tuple(str(one) for one in ids))
        if status in _LATER | _NOT_US or status >= HTTPStatus.INTERNAL_SERVER_ERROR or status < HTTPStatus.BAD_REQUEST:
            raise BusyError(f"短信网关暂不可用 · the gateway cannot take it now: {status}", answer.pause)
        why = str(said.get("message") or "短信网关拒收 · the gateway refused the message")
        raise RefusedError(str(said.get("code") or status), why[:150])

    @override
    def on_receipt(self, take: Callable[[Receipt], None]) -> None:
        self._thread = threading.Thread(target=self._listen, args=(take,), name="sms-receipts", daemon=True)
        self._thread.start()

    @override
    def close(self) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join(timeout=self._wait)

    def _listen(self, take: Callable[[Receipt], None]) -> None:
        """Looks for receipts until the channel is closed. Where it begins again after a restart, each is known already."""
        after = ""
        while not self._over.wait(self._every):
            try:
                answer = self._ask("GET", f"receipts?after={quote(after)}")
            except BusyError as why:
                log.warning("sms.no_receipts", why=why.why)
                continue
            if answer.status != HTTPStatus.OK:
                log.warning("sms.no_receipts", status=answer.status)
                continue
            for receipt in _receipts(answer.said):
                take(receipt)
            after = str(answer.said.get("next") or after)

    def _ask(self, method: str, path: str, body: dict[str, str] | None = None, key: str = "") -> Answer:
        headers = {"Authorization": self._pass, "Accept": "application/json"}
        if body is not None:
            headers |= {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
        text = json.dumps(body, ensure_ascii=False).encode() if body is not None else None
        try:
            return exchange(method, self._base + path, headers, text, wait=self._wait)
        except NoAnswerError as why:
            raise BusyError(f"短信网关没有应答 · the gateway does not answer: {why}") from None


def _here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _receipts(said: Mapping[str, Any]) -> list[Receipt]:
    """The receipts of an answer; what cannot be read is told and left out, so that it stops nothing else."""
    found: list[Receipt] = []
    for one in said.get("receipts") or ():
        try:
            at = datetime.fromisoformat(one["at"]).astimezone(UTC)
            found.append(Receipt(str(one["id"]), one["delivered"] is True, str(one.get("detail", "")), at))
        except (KeyError, TypeError, ValueError) as why:
            log.warning("sms.receipt_unreadable", error=type(why).__name__)
    return found
