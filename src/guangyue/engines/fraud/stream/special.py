"""A kernel for one plan: its tables unrolled into plain statements, compiled beside a copy of the general kernel.

The interpreter spends most of its time on reading what to do. Here ``program`` is written anew for the plan, with every
place, window and condition as a number in the text; everything else is the same source, so both keep the same state
word for word and may take turns. What is written lies under ``__pycache__`` and is compiled once.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
import tempfile
from contextlib import suppress
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guangyue.engines.fraud.stream.jit import HERE
from guangyue.engines.fraud.stream.unrolled import program

if TYPE_CHECKING:
    from collections.abc import Callable

    from guangyue.engines.fraud.stream.plan import Plan

__all__ = ["special"]

_COPIED = ("ahead", "nodes", "kernel")
_KNOWN: dict[str, Callable[..., int]] = {}


def special(plan: Plan) -> Callable[..., int]:
    """The kernel's ``process`` for this plan; about half a minute for a large catalogue the first time."""
    if plan.digest not in _KNOWN:
        _KNOWN[plan.digest] = _load(_texts(plan))
    return _KNOWN[plan.digest]


def _texts(plan: Plan) -> dict[str, str]:
    texts = {name: (HERE / f"{name}.py").read_text(encoding="utf-8") for name in _COPIED}
    texts["program"] = program(plan)
    return texts


def _load(texts: dict[str, str]) -> Callable[..., int]:
    digest = hashlib.blake2b("\n".join(texts.values()).encode(), digest_size=8).hexdigest()
    package = f"guangyue_fraud_plan_{digest}"
    if package not in sys.modules:
        folder = _written(HERE / "__pycache__" / package, texts, package)
        spec = ModuleSpec(package, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        sys.modules[package] = module_from_spec(spec)
        importlib.invalidate_caches()
    found: Any = importlib.import_module(f"{package}.kernel")
    process: Callable[..., int] = found.process
    return process


def _written(folder: Path, texts: dict[str, str], package: str) -> Path:
    """Writes the modules; each file appears whole, so several processes may do it at once."""
    with suppress(OSError):
        return _write(folder, texts, package)
    return _write(Path(tempfile.mkdtemp(prefix=package)), texts, package)  # a read-only installation


def _write(folder: Path, texts: dict[str, str], package: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        path = folder / f"{name}.py"
        for own in ("program", *_COPIED):
            text = text.replace(f"guangyue.engines.fraud.stream.{own} import", f"{package}.{own} import")  # noqa: PLW2901
        if not path.exists():
            with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".part", delete=False, encoding="utf-8") as part:
                part.write(text)
            Path(part.name).replace(path)
    return folder
