"""Django's settings, read from the environment; every variable and its default stand in ``docs/operations.md``.

``GUANGYUE_HOME``    folder of this installation's data (default: ``var`` in the current folder)
``GUANGYUE_ENV``     ``development`` (default), ``demo`` or ``production``
``DATABASE_URL``     PostgreSQL to use; without it a private one under ``GUANGYUE_HOME``
``DATABASE_OWNER_URL``  the same database as the owner of its tables, for migrations
``GUANGYUE_DB_POOL``  database connections of one process, kept in a pool (default: none, each thread keeps its own)
``GUANGYUE_DB_PREPARE``  ``off`` where a connection pooler stands between that cannot keep prepared statements
``GUANGYUE_WEB_THREADS``  pages made at the same time in one web worker (default 6)
``GUANGYUE_SECRET``  Django's secret key; without it one is made and kept under ``GUANGYUE_HOME``
``GUANGYUE_ORIGIN``  the name under which the journal's seals are signed
``GUANGYUE_SEAL_KEY``      the signing key, best on another machine
``GUANGYUE_SEAL_EXPORTS``  folders that receive every seal, separated like ``PATH``
``GUANGYUE_SM3``     ``on``: SM3 beside SHA-256 in seals and documents
``GUANGYUE_API_RATE``  requests a second that one account may send to the API (default 200)
``GUANGYUE_BEHIND_PROXY``  ``on``: a proxy of ours ends TLS and sets ``X-Forwarded-Proto`` itself
``GUANGYUE_HOSTS``   host names served, separated by commas
``GUANGYUE_METRICS_TOKEN``  what a collector brings to ``/metrics``; or ``GUANGYUE_METRICS_TOKEN_FILE``, a file that holds it
``GUANGYUE_LOG_REQUESTS``  ``on``: a line for every request, not only for those that fail or are slow
``GUANGYUE_BACKUPS``  folder of the backups, for the figure of their age
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from guangyue.city.accounts.conf import *  # noqa: F403 - the rules of signing in, all of them
from guangyue.city.accounts.conf import LOGIN_APPS, LOGIN_MIDDLEWARE
from guangyue.records.postgres import APP_ROLE, DATABASE, OWNER_ROLE, home
from guangyue.records.postgres.cluster import socket_folder
from guangyue.web.log_lines import LOGGING  # noqa: F401 - a setting

GUANGYUE_HOME = home()
GUANGYUE_ENV = os.environ.get("GUANGYUE_ENV", "development")
PRODUCTION = GUANGYUE_ENV == "production"
DEBUG = False


def _secret() -> str:
    given = os.environ.get("GUANGYUE_SECRET")
    if given:
        return given
    kept = GUANGYUE_HOME / "secret"
    try:
        return kept.read_text()
    except FileNotFoundError:
        GUANGYUE_HOME.mkdir(parents=True, exist_ok=True)
        made = secrets.token_urlsafe(48)
        try:
            with open(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123 - a mode from the start
                file.write(made)
        except FileExistsError:
            return kept.read_text()
        return made


def _database(url: str | None, role: str) -> dict[str, Any]:
    if url:
        given: dict[str, Any] = {k: v for k, v in conninfo_to_dict(url).items() if v is not None}
    else:
        given = {"host": str(socket_folder(GUANGYUE_HOME / "postgres")), "user": role, "dbname": DATABASE}
    named = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    connection = {key: str(given.pop(name, "")) for key, name in named.items()}
    if os.environ.get("GUANGYUE_DB_PREPARE") != "off":
        given["prepare_threshold"] = 5
        # A list's filters are given or not: a plan made for any of them reads everything for each. And what a page asks is
        # short, or should be: it takes one core, not all of them from everybody else.
        planned = "-c plan_cache_mode=force_custom_plan -c max_parallel_workers_per_gather=0"
        given["options"] = f"{given.get('options', '')} {planned}".strip()
    pool = int(os.environ.get("GUANGYUE_DB_POOL", "0"))
    if pool:
        given["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **connection,
        "CONN_MAX_AGE": 0 if pool else 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": given,
    }


SECRET_KEY = _secret()
ALLOWED_HOSTS = [h for h in os.environ.get("GUANGYUE_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    *LOGIN_APPS,
    "guangyue.web",
    "guangyue.web.portal",
    "guangyue.city",
    "guangyue.records",
    "guangyue.records.evidence",
    "guangyue.records.figures",
    "guangyue.links",
]
MIDDLEWARE = [
    "guangyue.web.metrics.counting.Counted",
    "guangyue.web.log_lines.Named",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "guangyue.web.attending.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "guangyue.web.refusing.Unreadable",
    "guangyue.city.accounts.signed_in.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    *LOGIN_MIDDLEWARE,
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
ROOT_URLCONF = "guangyue.web.urls"
WSGI_APPLICATION = "guangyue.web.wsgi.application"
ASGI_APPLICATION = "guangyue.web.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AS_OWNER = os.environ.get("GUANGYUE_DB_ROLE") == "owner"
"""Set by the commands that migrate or restore, and by nothing that serves."""
DATABASES = {
    "default": _database(os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL"), OWNER_ROLE)
    if AS_OWNER
    else _database(os.environ.get("DATABASE_URL"), APP_ROLE),
}

GUANGYUE_ORIGIN = os.environ.get("GUANGYUE_ORIGIN", "guangyue/journal")
"""The name under which seals are signed; one city, one name."""
GUANGYUE_SEAL_KEY = Path(os.environ.get("GUANGYUE_SEAL_KEY") or GUANGYUE_HOME / "keys" / "seal.key")
GUANGYUE_SEAL_EXPORTS = [
    Path(p) for p in os.environ.get("GUANGYUE_SEAL_EXPORTS", str(GUANGYUE_HOME / "seals")).split(os.pathsep) if p
]
GUANGYUE_SM3 = os.environ.get("GUANGYUE_SM3", "") == "on"

LANGUAGE_CODE = "zh-hans"
LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = GUANGYUE_HOME / "static"
GUANGYUE_METRICS = GUANGYUE_HOME / "run" / "metrics"
STATICFILES_DIRS = [Path(__file__).parent / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if os.environ.get("GUANGYUE_STATIC") == "collected"
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
"""Set to collected by what starts the servers, after it has gathered the static files under ``GUANGYUE_HOME``."""
WHITENOISE_USE_FINDERS = os.environ.get("GUANGYUE_STATIC") != "collected"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "media-src": ["'self'", "blob:"],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
"""A request's body without its files; photographs come as files or through the resumable upload."""
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("GUANGYUE_BEHIND_PROXY") == "on" else None
)
X_FRAME_OPTIONS = "DENY"
