"""The outbox channel ``traffic_platform``: one signed POST a message, under the message's own key.

The platform knows keys: what it has seen it answers as before. So whatever is lost on the way, the message or its
answer, sending again is safe, and a retry makes no second record.
"""

from __future__ import annotations

import json
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from guangyue.links.exchange import Answer, NoAnswerError, exchange
from guangyue.links.traffic_platform.settings import address, key_file, our_id
from guangyue.links.traffic_platform.signing import Signer, private_key
from guangyue.records.outbox import RefusedError, TryAgainError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guangyue.records.outbox import Message

__all__ = ["post", "serve"]

TIMEOUT = 15.0
"""Seconds; shorter than the outbox's lease."""
_PATH = "api/violations"
_LATER = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)


def serve(message: Message) -> Mapping[str, Any]:
    """Upload one approved record.

    Returns:
        the platform's receipt: its own number of the record.

    Raises:
        TryAgainError: no answer, or the platform is in trouble.
        RefusedError: it will not have the record; a person has to look.
    """
    said = message.payload
    body = json.dumps(
        {"kind": said["what"], "procedure": said["procedure"], "matter": said["matter"], "record": said["fields"]},
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    ).encode()  # fmt: skip
    signer = Signer(private_key(key_file()), our_id())
    answer = post(address() + _PATH, body, message.key, signer)
    status, told = answer.status, answer.said
    if status in {HTTPStatus.OK, HTTPStatus.CREATED}:
        number = told.get("number")
        if not isinstance(number, str) or not number:
            raise TryAgainError("the platform's answer carries no number")
        return {"number": number, "replayed": status == HTTPStatus.OK}
    why = f"{status} {told.get('code') or told.get('title') or ''}".strip()
    if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise TryAgainError(why, answer.pause)
    raise RefusedError(why)


def post(address: str, body: bytes, key: str, signer: Signer) -> Answer:
    """One signed request; no redirect is followed, since none was signed.

    Raises:
        TryAgainError: the line failed; whether the platform has the record is not known.
    """
    headers = signer.headers("POST", urlsplit(address).path, body, key, time.time()) | {
        "Content-Type": "application/json; charset=utf-8",
        "Accept": "application/json, application/problem+json",
    }
    try:
        return exchange("POST", address, headers, body, wait=TIMEOUT)
    except NoAnswerError as why:
        raise TryAgainError(f"no answer: {why}") from None
