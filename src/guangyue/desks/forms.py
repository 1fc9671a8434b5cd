"""The printed forms of all desks, found by looking: a package ``papers`` in a desk's folder with a ``register``."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil

import guangyue.desks

__all__ = ["register_forms"]


def register_forms() -> list[str]:
    """Register every desk's forms; answers with the desks that have some. Loads no desk that has none."""
    found = []
    for desk in pkgutil.iter_modules(guangyue.desks.__path__):
        name = f"guangyue.desks.{desk.name}.papers"
        if desk.ispkg and importlib.util.find_spec(name) is not None:
            importlib.import_module(name).register()
            found.append(desk.name)
    return found
