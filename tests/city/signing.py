"""Signing in as a browser does, for tests."""

from __future__ import annotations

import base64
import hmac
import struct
import time
from hashlib import sha1

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from guangyue.city.models import Account

__all__ = ["PASSWORD", "SECRET", "code", "enrol", "sign_in"]

PASSWORD = "willow-lantern-7-harbour"
SECRET = base64.b32encode(b"twenty bytes of seed").decode()


def code(secret: str = SECRET, *, step: int = 0) -> str:
    """A one-time code by RFC 6238; `step` −1, 0 and 1 are valid now."""
    counter = int(time.time()) // 30 + step
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), sha1)
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def enrol(account: Account) -> Authenticator:
    """Give an account a second factor."""
    return TOTP.activate(account, SECRET).instance


def sign_in(client: Client, account: Account, *, password: str = PASSWORD, step: int = 0, **more: str):
    """Password, then code; returns the last answer."""
    answer = client.post("/account/login/", {"login": account.username, "password": password, **more})
    if answer.status_code == 302 and "authenticate" in answer["Location"]:
        answer = client.post("/account/factors/authenticate/", {"code": code(step=step)})
    return answer
