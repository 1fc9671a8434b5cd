"""Password rules in two profiles that contradict each other (口令规则).

OWASP ASVS 5.0 forbids composition rules and forced change (6.2.5, 6.2.10); GB/T 22239-2019 level 3 asks for complexity
and periodic change (8.1.4.1). A city chooses with ``GUANGYUE_PASSWORD_PROFILE``: ``asvs`` (default) or ``mlps3``. Both
ask for a second factor, refuse common passwords, and allow long ones.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import get_language

from guangyue.city.models.accounts import Account, PastPassword
from guangyue.law.text import Text

__all__ = ["EXPIRY", "ClassesRule", "ContextRule", "HistoryRule", "LengthRule", "expired", "remember"]

EXPIRY: Final = timedelta(days=90)
_HISTORY = 10
_MOST = 128

_SENTENCES = {
    "password.short": Text("口令至少{least}个字符。", "A password has at least {least} characters."),
    "password.long": Text("口令最多{most}个字符。", "A password has at most {most} characters."),
    "password.context": Text(
        "口令不能包含“{word}”：与单位、系统或账号有关的词最先被猜到。",
        "A password cannot contain “{word}”: words about the agency, the system or the account are guessed first.",
    ),
    "password.classes": Text(
        "口令须含大写字母、小写字母、数字、符号中的至少三类。",
        "A password holds at least three of: capitals, small letters, digits, symbols.",
    ),
    "password.reused": Text(
        "不能使用最近{count}次用过的口令。", "None of the last {count} passwords may be used again."
    ),
}


class _Rule:
    """A rule as Django's password validators want it."""

    def refuse(self, code: str, **params: object) -> ValidationError:
        """The refusal in the reader's language."""
        return ValidationError(_say(code, **params), code=code)


class LengthRule(_Rule):
    """At least `least` characters; at most 128, so that hashing stays cheap."""

    def __init__(self, least: int = 12) -> None:
        self.least = least

    def validate(self, password: str, user: Account | None = None) -> None:  # noqa: ARG002 - Django's signature
        """Raise ValidationError when the length is wrong."""
        if len(password) < self.least:
            raise self.refuse("password.short", least=self.least)
        if len(password) > _MOST:
            raise self.refuse("password.long", most=_MOST)

    def get_help_text(self) -> str:
        """The rule in words."""
        return _say("password.short", least=self.least)


class ContextRule(_Rule):
    """Not the user name, nor words everybody in the house would try."""

    words: tuple[str, ...] = ("guangyue", "liaocheng", "police", "光岳", "聊城")

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError when the password contains such a word."""
        folded = password.casefold()
        for word in (*self.words, getattr(user, "username", "") or ""):
            if len(word) > 1 and word.casefold() in folded:
                raise self.refuse("password.context", word=word)

    def get_help_text(self) -> str:
        """The rule in words."""
        return _say("password.context", word=self.words[0])


class ClassesRule(_Rule):
    """Three of four classes of characters (profile ``mlps3``)."""

    _LEAST = 3

    def validate(self, password: str, user: Account | None = None) -> None:  # noqa: ARG002 - Django's signature
        """Raise ValidationError when fewer classes are present."""
        tests = (str.isupper, str.islower, str.isdigit, lambda c: not c.isalnum())
        if sum(any(test(c) for c in password) for test in tests) < self._LEAST:
            raise self.refuse("password.classes")

    def get_help_text(self) -> str:
        """The rule in words."""
        return _say("password.classes")


class HistoryRule(_Rule):
    """Not one of the last ten (profile ``mlps3``)."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError when the password was used before."""
        if user is None or user.pk is None:
            return
        past = PastPassword.objects.filter(account=user).order_by("-until").values_list("password", flat=True)
        if any(check_password(password, old) for old in (user.password, *past[: _HISTORY - 1])):
            raise self.refuse("password.reused", count=_HISTORY)

    def get_help_text(self) -> str:
        """The rule in words."""
        return _say("password.reused", count=_HISTORY)


def expired(account: Account, now: datetime, profile: str) -> bool:
    """Whether the password must be changed before anything else; never under ``asvs``."""
    changed = account.password_changed_at
    return profile == "mlps3" and account.has_usable_password() and (changed is None or now - changed >= EXPIRY)


def remember(account: Account, old_hash: str, now: datetime) -> None:
    """Keep a password that was just replaced, and only as many as the rule looks at."""
    PastPassword.objects.create(account=account, password=old_hash, until=now)
    kept = PastPassword.objects.filter(account=account).order_by("-until").values_list("pk", flat=True)[:_HISTORY]
    PastPassword.objects.filter(account=account).exclude(pk__in=list(kept)).delete()


def _say(code: str, **params: object) -> str:
    return _SENTENCES[code].format(**params).of(get_language() or "zh")
