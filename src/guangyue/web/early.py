"""What takes long to load and depends on nothing outside: the applications and all pages, but no middleware.

Middleware looks at the collected files when it is made, which may still be being gathered.
"""

from __future__ import annotations

import importlib
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guangyue.web.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402 - after the settings

importlib.import_module(settings.ROOT_URLCONF)
importlib.import_module("guangyue.web.serving")
for _name in settings.MIDDLEWARE:
    importlib.import_module(_name.rpartition(".")[0])
