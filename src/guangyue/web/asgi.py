"""The ASGI application that granian serves."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guangyue.web.settings")
django.setup(set_prefix=False)

from guangyue.web.serving import Application  # noqa: E402 - after the settings

application = Application(int(os.environ.get("GUANGYUE_WEB_THREADS", "6")))
