"""The ASGI application that granian serves."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guangyue.web.settings")
os.environ.setdefault("GUANGYUE_DB_POOL", "8")
application = get_asgi_application()
