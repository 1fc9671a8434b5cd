"""The channel this installation uses, by its settings.

``GUANGYUE_SMS``  ``local``: nothing leaves the machine (default outside production);
                  ``smpp://name:password@host:port?source=106…``: a carrier's gateway by SMPP 3.4
                  ``https://name:password@host/path?source=106…``: an operator's HTTP gateway (`sms.http`)
"""

from __future__ import annotations

import atexit
import os
import threading
from urllib.parse import parse_qs, unquote, urlsplit

from guangyue.links.sms.channel import SmsChannel

__all__ = ["channel", "close", "made", "setting"]

_lock = threading.Lock()
_made: dict[str, SmsChannel] = {}


def setting() -> str:
    """What is set; empty in production until the operator says how."""
    given = os.environ.get("GUANGYUE_SMS", "")
    return given or ("" if os.environ.get("GUANGYUE_ENV") == "production" else "local")


def channel() -> SmsChannel:
    """This process's channel, opened at first use."""
    named = setting()
    with _lock:
        if named not in _made:
            _made[named] = made(named)
            from guangyue.links.sms.receipts import take_alone

            _made[named].on_receipt(take_alone)
            atexit.register(close)
        return _made[named]


def made(named: str) -> SmsChannel:
    """A channel by its setting.

    Raises:
        ValueError: nothing we know.
    """
    if named == "local":
        from guangyue.links.sms.local import LocalChannel

        return LocalChannel()
    address = urlsplit(named)
    if address.scheme == "smpp" and address.hostname:
        from guangyue.links.sms.smpp import SmppChannel

        asked = parse_qs(address.query)
        return SmppChannel(
            address.hostname, address.port or 2775, unquote(address.username or ""), unquote(address.password or ""),
            source=asked.get("source", [""])[0],
        )  # fmt: skip
    if address.scheme in {"http", "https"} and address.hostname:
        from guangyue.links.sms.http import HttpChannel

        place = address.netloc.rpartition("@")[2]
        return HttpChannel(
            f"{address.scheme}://{place}{address.path}", unquote(address.username or ""),
            unquote(address.password or ""), source=parse_qs(address.query).get("source", [""])[0],
        )  # fmt: skip
    raise ValueError(f"GUANGYUE_SMS: {address.scheme or named!r} is no channel we know")


def close() -> None:
    """Take leave of all carriers."""
    with _lock:
        for one in _made.values():
            one.close()
        _made.clear()
