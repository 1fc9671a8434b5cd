"""The product's settings with the demo's pages and local channels; never for production."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from guangyue.web.settings import *  # noqa: F403 - all of them
from guangyue.web.settings import INSTALLED_APPS as _APPS
from guangyue.web.settings import PRODUCTION

if PRODUCTION:
    raise ImproperlyConfigured("The demo city has open logins: GUANGYUE_ENV=production refuses it.")

INSTALLED_APPS = [*_APPS, "guangyue.demo"]
ROOT_URLCONF = "guangyue.demo.urls"
