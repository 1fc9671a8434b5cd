"""What Django and allauth have to be told; `guangyue.web.settings` takes it all over.

``GUANGYUE_PASSWORD_PROFILE``  ``asvs`` (default) or ``mlps3``
``GUANGYUE_CIPHER``            ``aes-256-gcm`` (default) or ``sm4-gcm``
``GUANGYUE_KEYRING``           the keyring itself, from a secret manager
``GUANGYUE_KEYRING_FILE``      its file (default: ``keys/keyring.json`` under ``GUANGYUE_HOME``)
"""

from __future__ import annotations

import os
from typing import Any

_IN = "guangyue.city.accounts"
_PRODUCTION = os.environ.get("GUANGYUE_ENV") == "production"

GUANGYUE_PASSWORD_PROFILE = os.environ.get("GUANGYUE_PASSWORD_PROFILE", "asvs")
GUANGYUE_CIPHER = os.environ.get("GUANGYUE_CIPHER", "aes-256-gcm")
GUANGYUE_KEYRING = os.environ.get("GUANGYUE_KEYRING", "")
GUANGYUE_KEYRING_FILE = os.environ.get("GUANGYUE_KEYRING_FILE", "")

LOGIN_APPS = ["django.contrib.humanize", "allauth", "allauth.account", "allauth.mfa"]
LOGIN_MIDDLEWARE = [
    "allauth.account.middleware.AccountMiddleware",
    f"{_IN}.door.StaffDoor",
]

AUTH_USER_MODEL = "city.Account"
AUTHENTICATION_BACKENDS = [f"{_IN}.backend.PasswordBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def _validators() -> list[dict[str, Any]]:
    here = "guangyue.city.accounts.passwords"
    common: list[dict[str, Any]] = [
        {"NAME": f"{here}.LengthRule", "OPTIONS": {"least": 12}},
        {"NAME": f"{here}.ContextRule"},
        {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    ]
    match GUANGYUE_PASSWORD_PROFILE:
        case "asvs":
            return common
        case "mlps3":
            return [*common, {"NAME": f"{here}.ClassesRule"}, {"NAME": f"{here}.HistoryRule"}]
        case given:
            raise ValueError(f"GUANGYUE_PASSWORD_PROFILE is asvs or mlps3, not {given!r}")


AUTH_PASSWORD_VALIDATORS = _validators()

SESSION_ENGINE = f"{_IN}.sessions"
SESSION_COOKIE_NAME = "__Host-session" if _PRODUCTION else "session"
SESSION_COOKIE_SECURE = _PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-csrf" if _PRODUCTION else "csrftoken"
CSRF_COOKIE_SECURE = _PRODUCTION
CSRF_COOKIE_HTTPONLY = True

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = f"{_IN}.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": f"{_IN}.adapters.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": False}
"""Failures are counted by the account itself (`lockout`), across processes; this only slows one address down."""

MFA_ADAPTER = f"{_IN}.adapters.MfaAdapter"
MFA_FORMS = {
    "add_webauthn": f"{_IN}.adapters.PasskeyForm",
    "authenticate": f"{_IN}.adapters.CodeForm",
    "reauthenticate": f"{_IN}.adapters.CodeReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TRUST_ENABLED = False
MFA_TOTP_ISSUER = "Guangyue"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _PRODUCTION
MFA_ALLOW_UNVERIFIED_EMAIL = True
