"""Accounts: what somebody signs in with (账号)."""

# ruff: noqa: ANN401 - the frameworks' own signatures are open

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from typing_extensions import override

from guangyue.city.models.people import Person

__all__ = ["Account", "AccountKind", "AccountManager", "PastPassword"]

_username = RegexValidator(r"^[A-Za-z0-9_][A-Za-z0-9_.@-]{2,59}$", code="account.username")


class AccountKind(models.TextChoices):
    """Whose account it is; decides the session rules."""

    STAFF = "staff"
    CITIZEN = "citizen"
    KIOSK = "kiosk"


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; names are compared without regard to case."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:
        """A new account; without a password it can sign in with a passkey only."""
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.password_changed_at = timezone.now()
        _username(username)
        account.save(using=self._db)
        return account

    @override
    def get_by_natural_key(self, username: str | None) -> Account:
        """The account of a user name."""
        return self.get(username__iexact=username)


class Account(AbstractBaseUser):
    """An account. One person has one; shared accounts are refused by the one-to-one link (等保: no shared accounts).

    Attributes:
        kind: staff, citizen or kiosk.
        person: whose it is; a kiosk's has none.
        is_active: off from the moment it is disabled; its sessions and tokens go in the same transaction.
        disabled_for: why it was disabled, as a stable code (``inactive``, ``left``, ``ordered``).
        failures: wrong passwords or second factors in a row.
        locked_until: no attempt counts before this.
        password_changed_at: for profiles that make passwords expire.
        last_seen_at: when it was last used, for the 30-day rule.
        last_code: the one-time code used last, which opens nothing twice.
    """

    username = models.CharField(max_length=60, unique=True, validators=[_username])
    kind = models.CharField(max_length=10, choices=AccountKind.choices, default=AccountKind.STAFF)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True, related_name="account")
    is_active = models.BooleanField(default=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_for = models.CharField(max_length=20, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    password_changed_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    last_code = models.CharField(max_length=12, blank=True)
    last_code_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("username"), name="city_account_username"),
            models.CheckConstraint(
                condition=models.Q(is_active=True, disabled_at=None)
                | models.Q(is_active=False, disabled_at__isnull=False),
                name="city_account_disabled",
            ),
        )

    @property
    def is_staff_account(self) -> bool:
        """Whether the staff's session rules and second factor apply."""
        return self.kind == AccountKind.STAFF


class PastPassword(models.Model):
    """A password used before, as its hash, where the profile forbids going back to it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="past_passwords")
    password = models.CharField(max_length=128)
    until = models.DateTimeField(default=timezone.now)

    @override
    def __str__(self) -> str:
        return f"{self.account_id} · {self.until:%F}"
