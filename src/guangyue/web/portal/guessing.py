"""Counting wrong attempts, so that nobody guesses plates or codes (防猜测).

A plate has a few million likely values and a code forty bits. Ten wrong tries in a quarter of an hour from one address,
or twenty an hour at one number from anywhere, and the answer is "wait", right or wrong: guessing a plate for a known
number would take years. A right answer is never counted.
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac

from guangyue.city import clock
from guangyue.web.portal.models import Attempt

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["PER_NUMBER", "PER_SOURCE", "count_wrong", "must_wait"]

PER_SOURCE = (10, timedelta(minutes=15))
PER_NUMBER = (20, timedelta(hours=1))
_IPV6_SITE = 64


def must_wait(request: HttpRequest, number: str) -> timedelta | None:
    """How long to wait before the next try counts; None when it may be made now."""
    now = clock.now()
    waits = [
        _left(Attempt.objects.filter(source=_source(request)), PER_SOURCE, now),
        _left(Attempt.objects.filter(number=_number(number)), PER_NUMBER, now),
    ]
    return max((w for w in waits if w is not None), default=None)


def count_wrong(request: HttpRequest, number: str) -> None:
    """A wrong try; old ones are forgotten on the way."""
    now = clock.now()
    Attempt.objects.filter(at__lt=now - max(PER_SOURCE[1], PER_NUMBER[1])).delete()
    Attempt.objects.create(source=_source(request), number=_number(number), at=now)


def _left(tries: object, limit: tuple[int, timedelta], now: object) -> timedelta | None:
    most, within = limit
    last = list(tries.filter(at__gt=now - within).order_by("-at").values_list("at", flat=True)[:most])  # type: ignore[attr-defined, operator]  # a query set, a moment
    if len(last) < most:
        return None
    left: timedelta = last[-1] + within - now
    return left


def _source(request: HttpRequest) -> bytes:
    """The address's keyed hash; in IPv6 one site counts as one."""
    given = request.META.get("REMOTE_ADDR") or "192.0.2.0"  # nobody's: the range for examples
    address = ipaddress.ip_address(given)
    if address.version == 6:  # noqa: PLR2004 - IPv6
        address = ipaddress.ip_network((address, _IPV6_SITE), strict=False).network_address
    return _hash("source", str(address))


def _number(number: str) -> bytes:
    return _hash("number", number.strip().upper())


def _hash(what: str, value: str) -> bytes:
    return salted_hmac(f"guangyue.portal.{what}", value, algorithm="sha256").digest()[:16]
