"""One JSON request to another system and its answer: no redirect is followed, and no more is read than an answer needs."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Answer", "NoAnswerError", "exchange"]

_MOST = 1 << 20
_LONGEST_PAUSE = 3600


class NoAnswerError(Exception):
    """The line failed; whether the other side has the request is not known. Says the kind of failure."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        headers: with lower-case names.
        said: the body, empty where it is no JSON object.
    """

    status: int
    headers: Mapping[str, str]
    said: Mapping[str, Any]

    @property
    def pause(self) -> timedelta | None:
        """How long the other side asks us to wait (``Retry-After`` in seconds), an hour at most."""
        wait = self.headers.get("retry-after", "")
        return timedelta(seconds=min(int(wait), _LONGEST_PAUSE)) if wait.isdecimal() else None


def exchange(method: str, address: str, headers: Mapping[str, str], body: bytes | None, *, wait: float) -> Answer:
    """Ask once.

    Args:
        method: of HTTP.
        address: whole, http or https.
        headers: ours.
        body: JSON, encoded.
        wait: seconds.

    Raises:
        NoAnswerError: the line failed.
    """
    to = urlsplit(address)
    made = http.client.HTTPSConnection if to.scheme == "https" else http.client.HTTPConnection
    line = made(to.hostname or "", to.port, timeout=wait)
    try:
        line.request(method, f"{to.path}?{to.query}" if to.query else to.path, body, dict(headers))
        answer = line.getresponse()
        text = answer.read(_MOST)
    except (OSError, http.client.HTTPException) as why:
        raise NoAnswerError(type(why).__name__) from None
    finally:
        line.close()
    try:
        said = json.loads(text)
    except ValueError:
        said = {}
    told = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(answer.status, told, said if isinstance(said, dict) else {})
