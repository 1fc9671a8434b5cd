"""Snapshots: the whole state and the source offsets in one file, whole or not at all.

A file is a magic line, a JSON header and the pools, each as it lies in memory. The header names the catalogue and holds
a digest of everything; a file that is torn, altered or of another catalogue is refused with its reason, and the one
before it is used. Because offsets and state are one file, a restart neither loses nor doubles an event.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from guangyue.engines.fraud.engine import Engine, Settings
from guangyue.engines.fraud.stream import layout as at
from guangyue.engines.fraud.stream.grow import placed

if TYPE_CHECKING:
    from pathlib import Path

    from guangyue.engines.fraud.stream.plan import Plan

__all__ = ["KEEP", "Refused", "SnapshotError", "load", "newest", "save"]

MAGIC = b"guangyue fraud snapshot 5\n"
KEEP = 2
_HEADER_LIMIT = 1 << 20


class SnapshotError(ValueError):
    """A snapshot that cannot be used; ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Refused:
    """A snapshot that was passed over, and why."""

    path: Path
    code: str
    reason: str


def _digest(parts: list[bytes | memoryview]) -> str:
    whole = hashlib.blake2b(digest_size=32)
    for part in parts:
        whole.update(part)
    return whole.hexdigest()


def save(engine: Engine, folder: Path, extra: dict[str, Any] | None = None, *, keep: int = KEEP) -> Path:
    """Writes a snapshot: to a temporary file, synced, then renamed; older ones beyond ``keep`` are removed.

    Args:
        engine: between two batches.
        folder: where snapshots lie; made when missing.
        extra: plain data to be kept with the state (such as open alert counters).
        keep: how many snapshots stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pools = {name: getattr(engine.state, name) for name in at.StateArrays._fields}
    data = [memoryview(pool).cast("B") for pool in pools.values()]
    header = {
        "catalogue": engine.plan.digest,
        "settings": [engine.settings.cap, engine.settings.shard, engine.settings.shards, engine.settings.once],
        "pools": [[name, str(pool.dtype), int(pool.size)] for name, pool in pools.items()],
        "events": engine.counters().taken,
        "clock": engine.clock,
        "offsets": engine.offsets,
        "extra": extra or {},
    }
    body = json.dumps(header, ensure_ascii=False, sort_keys=True).encode()
    digest = _digest([body, *data])
    number = 1 + max((int(p.stem.split("-")[1]) for p in folder.glob("state-*.snapshot")), default=0)
    target = folder / f"state-{number:012d}.snapshot"
    partial = target.with_suffix(".partial")
    with partial.open("wb") as file:
        file.write(MAGIC + f"{digest} {len(body)}\n".encode() + body)
        for part in data:
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(target)
    _sync(folder)
    for old in sorted(folder.glob("state-*.snapshot"))[:-keep]:
        old.unlink()
    return target


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _header(path: Path, raw: bytes) -> tuple[dict[str, Any], int]:
    if not raw.startswith(MAGIC):
        raise SnapshotError("fraud.snapshot.foreign", f"{path.name} is not a snapshot of this engine")
    end = raw.find(b"\n", len(MAGIC), len(MAGIC) + 200)
    try:
        digest, length = raw[len(MAGIC) : end].decode().split()
        start = end + 1 + int(length)
        header = json.loads(raw[end + 1 : start])
    except (ValueError, UnicodeDecodeError) as error:
        raise SnapshotError("fraud.snapshot.corrupt", f"{path.name}: its header cannot be read") from error
    if int(length) > _HEADER_LIMIT or _digest([memoryview(raw)[end + 1 :]]) != digest:
        raise SnapshotError("fraud.snapshot.corrupt", f"{path.name} is torn or altered: its digest does not match")
    return header, start


def load(path: Path, plan: Plan, settings: Settings | None = None) -> tuple[Engine, dict[str, Any]]:
    """The engine as it was, and the extra data kept with it.

    Raises:
        SnapshotError: ``fraud.snapshot.foreign`` when it belongs to another catalogue or other settings,
            ``fraud.snapshot.corrupt`` when it is torn or altered.
    """
    raw = path.read_bytes()
    header, place = _header(path, raw)
    settings = settings or Settings()
    if header["catalogue"] != plan.digest:
        raise SnapshotError("fraud.snapshot.foreign", f"{path.name} was written with another catalogue of features")
    if header["settings"] != [settings.cap, settings.shard, settings.shards, settings.once]:
        raise SnapshotError(
            "fraud.snapshot.foreign", f"{path.name} was written with other settings or as another shard"
        )
    pools = {}
    for name, kind, size in header["pools"]:
        pools[name] = np.frombuffer(raw, dtype=kind, count=size, offset=place).copy()
        place += pools[name].nbytes
    return Engine(plan, settings, placed(at.StateArrays(**pools))), header["extra"]


def newest(
    folder: Path, plan: Plan, settings: Settings | None = None
) -> tuple[Engine | None, dict[str, Any], list[Refused]]:
    """The engine of the newest snapshot that can be used, its extra data, and those passed over with their reasons."""
    refused: list[Refused] = []
    for path in sorted(folder.glob("state-*.snapshot"), reverse=True):
        try:
            engine, extra = load(path, plan, settings)
        except SnapshotError as error:
            refused.append(Refused(path, error.code, str(error)))
        except OSError as error:
            refused.append(Refused(path, "fraud.snapshot.unreadable", f"{path.name}: {error.strerror}"))
        else:
            return engine, extra, refused
    return None, {}, refused
