"""Sessions and API tokens: every way of being signed in is a row that can be ended at once (会话与令牌)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from typing_extensions import override

from guangyue.city.models.accounts import Account

__all__ = ["ApiToken", "BrowserSession"]


class BrowserSession(AbstractBaseSession):
    """A browser's session; the key is stored as its SHA-256, so a copy of the table signs nobody in.

    Attributes:
        account: whose it is, once signed in.
        started_at: when the person signed in; the absolute limit counts from here.
        seen_at: the last request; the idle limit counts from here.
        live_until: a live call keeps the session open until then.
        counter: staff at a screen the public can reach; the shorter idle limit applies.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    live_until = models.DateTimeField(null=True)
    counter = models.BooleanField(default=False)

    session_key = models.CharField(max_length=64, primary_key=True)

    class Meta:
        indexes = (models.Index(fields=["expire_date"], name="city_session_expiry"),)


class ApiToken(models.Model):
    """A program's key to the API: shown once, kept as its SHA-256.

    Attributes:
        name: the first part of the token, not secret; what people see.
        scopes: what it may do; nothing that is not named.
        expires_at: at most a year after it was made.
    """

    name = models.CharField(max_length=20, unique=True)
    label = models.CharField(max_length=80)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    digest = models.BinaryField()
    scopes = ArrayField(models.CharField(max_length=60))
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return f"{self.name} · {self.label}"
