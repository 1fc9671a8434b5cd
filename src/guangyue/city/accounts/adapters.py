"""How allauth is told the house's rules (登录适配)."""

# ruff: noqa: ANN401 - the frameworks' own signatures are open

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from typing_extensions import override

from guangyue.city import clock
from guangyue.city.accounts import lockout
from guangyue.city.accounts.passwords import remember
from guangyue.city.models.accounts import Account
from guangyue.city.personal.installed import vault
from guangyue.law.text import Text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

__all__ = [
    "AccountAdapter",
    "CodeForm",
    "CodeReauthenticateForm",
    "MfaAdapter",
    "PasskeyForm",
    "SignInForm",
    "has_one_factor",
    "say",
]

_SECRET_LABEL = "mfa.secret"  # noqa: S105 - the name of a field
_REFUSED = Text(
    "账号或口令不对，或账号已停用。连续5次不对将锁定15分钟。",
    "The account or the password is wrong, or the account is disabled. Five failures in a row lock it for 15 minutes.",
)
_LOCKED = Text(
    "连续5次不对，账号已锁定15分钟，请稍后再试或联系安全管理员。",
    "Five failures in a row: the account is locked for 15 minutes. Try later or ask the security administrator.",
)
_USED = Text("此验证码已用过，请等下一个。", "This code has been used; wait for the next one.")
_COUNTER = Text(
    "这是窗口或公共场所的屏幕（5分钟无操作自动退出）", "This screen is at a counter (signs out after 5 idle minutes)"
)
_USER_NAME = Text("账号", "Account")
_PASSWORD = Text("口令", "Password")
_KEY_NAME = Text("名称（例如：单位手机、蓝色密钥）", "Name (for example: office phone, blue key)")
_KEY_ALONE = Text("通行密钥：以后登录不用口令", "Passkey: sign in without a password from now on")
_KEY_ALONE_HELP = Text(
    "设备会用指纹、面容或PIN确认是您本人。", "The device makes sure it is you, by fingerprint, face or PIN."
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """Accounts are opened by the system administrator; nobody signs up."""

    @property
    def error_messages(self) -> dict[str, Any]:
        """One sentence for every way of failing, so that no attempt tells which names exist."""
        refused = say(_REFUSED)
        usual: dict[str, Any] = DefaultAccountAdapter.error_messages
        return usual | {
            "username_password_mismatch": refused,
            "invalid_login": refused,
            "account_inactive": refused,
            "too_many_login_attempts": say(_LOCKED),
        }

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @override
    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        raise ValidationError(say(_REFUSED))

    @override
    def reauthenticate(self, user: Any, password: str) -> bool:
        """The same lockout guards the second asking: an open screen is no place to guess."""
        if not lockout.take_ticket(user.pk, clock.now()):
            return False
        if not super().reauthenticate(user, password):
            return False
        lockout.give_back(user.pk)
        return True

    @override
    def set_password(self, user: Any, password: str) -> None:
        old = user.password
        user.password_changed_at = clock.now()
        super().set_password(user, password)
        remember(user, old, clock.now())

    @override
    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nobody has a mail address here; the act is in the log."""


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is not typed
    """Second factors: secrets sealed like personal data."""

    @override
    def encrypt(self, text: str) -> str:
        return vault().seal(_SECRET_LABEL, text).hex()

    @override
    def decrypt(self, encrypted_text: str) -> str:
        return vault().open(_SECRET_LABEL, bytes.fromhex(encrypted_text)).text

    @override
    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last second factor of a member of staff stays."""
        account = authenticator.user
        if not isinstance(account, Account) or not account.is_staff_account:
            return True
        if authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        return not has_one_factor(account.pk)


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is not typed
    """User name, password, and whether the screen stands at a counter."""

    counter = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["counter"].label = say(_COUNTER)
        self.fields["login"].label = say(_USER_NAME)
        self.fields["password"].label = say(_PASSWORD)
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)

    @override
    def login(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Kept in the session from here on, through the second factor.
        request.session["counter"] = self.cleaned_data["counter"]
        response: HttpResponse = super().login(request, *args, **kwargs)
        return response


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth is not typed
    """A new key; one that can open the door alone unless the person says otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = say(_KEY_NAME)
        alone = self.fields["passwordless"]
        alone.initial, alone.label, alone.help_text = True, say(_KEY_ALONE), say(_KEY_ALONE_HELP)


class _Ticketed:
    """A code is an attempt like a password: it takes a ticket first."""

    user: Account

    def clean_code(self) -> str:
        """The code, if it is right and the account not locked."""
        if not lockout.take_ticket(self.user.pk, clock.now()):
            raise ValidationError(say(_LOCKED), code="account.locked")
        code: str = super().clean_code()  # type: ignore[misc]  # the form beside this mixin
        if not lockout.use_code(self.user.pk, code.strip(), clock.now()):
            raise ValidationError(say(_USED), code="account.code_used")
        lockout.give_back(self.user.pk)
        return code


class CodeForm(_Ticketed, AuthenticateForm):  # type: ignore[misc]  # allauth is not typed
    """The second factor at sign-in."""


class CodeReauthenticateForm(_Ticketed, ReauthenticateForm):  # type: ignore[misc]  # allauth is not typed
    """The second factor asked again."""


def has_one_factor(account_id: int) -> bool:
    """Whether an account has a single second factor left, recovery codes not counted."""
    factors = Authenticator.objects.filter(user_id=account_id).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return bool(factors.count() <= 1)


def say(text: Text) -> str:
    """A sentence in the reader's language."""
    return text.of(get_language() or "zh")
