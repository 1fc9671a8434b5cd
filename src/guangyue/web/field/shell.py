"""The shell (外壳): the files a phone keeps to open the app without network, and the version they make together."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

__all__ = ["NotBuiltError", "script", "shell_files", "version"]

NAMES = ("guangyue/base.css", "guangyue/field.css", "guangyue/field.js", "field/icon.svg", "field/icon-192.png")
WORKER = "guangyue/worker.js"
_CHUNK = re.compile(r"""["']\./(chunks/[\w.-]+\.js)["']""")


class NotBuiltError(RuntimeError):
    """The front end was not built; ``scripts/setup.sh`` does it."""


def shell_files() -> list[str]:
    """The addresses of all files of the shell, the chunks that scripts import among them."""
    chunks = [f"{settings.STATIC_URL}guangyue/{name}" for name in _chunks()]
    return [static(name) for name in NAMES] + chunks


def version(page: bytes = b"") -> str:
    """A short name for exactly these bytes: the page and every file."""
    digest = sha256(page)
    for name in (*NAMES, WORKER, *(f"guangyue/{chunk}" for chunk in _chunks())):
        digest.update(_bytes(name))
    return digest.hexdigest()[:12]


def script() -> str:
    """The service worker's own text."""
    return _bytes(WORKER).decode()


def _chunks() -> list[str]:
    found: list[str] = []
    waiting = [_bytes("guangyue/field.js").decode()]
    while waiting:
        for chunk in _CHUNK.findall(waiting.pop()):
            if chunk not in found:
                found.append(chunk)
                waiting.append(_bytes(f"guangyue/{chunk}").decode().replace('"./', '"./chunks/'))
    return found


def _bytes(name: str) -> bytes:
    place = finders.find(name)
    if not isinstance(place, str):
        raise NotBuiltError(f"{name} is missing: the front end was not built (scripts/setup.sh)")
    path = Path(place)
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> bytes:
    return path.read_bytes()
