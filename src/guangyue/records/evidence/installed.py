"""This installation's store, by the settings.

``GUANGYUE_EVIDENCE``  a folder (default: ``evidence`` under ``GUANGYUE_HOME``), or ``s3://bucket/prefix`` with the extra
``s3``; the access keys and the endpoint come from the environment in the way of every S3 program (``AWS_…``).

Files still arriving always lie in a local folder; with several web processes on several machines it must be shared.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from guangyue.records.evidence.store import BlobStore, FolderStore

__all__ = ["arriving", "store"]


def store() -> BlobStore:
    """Where bytes are kept for good."""
    return _store(_place())


def arriving() -> Path:
    """The local folder of uploads that are not complete."""
    place = _place()
    local = FolderStore(Path(settings.GUANGYUE_HOME) / "evidence") if place.startswith("s3://") else _store(place)
    if not isinstance(local, FolderStore):
        raise TypeError(type(local).__name__)
    return local.scratch()


def _place() -> str:
    return str(getattr(settings, "GUANGYUE_EVIDENCE", "") or Path(settings.GUANGYUE_HOME) / "evidence")


@lru_cache(maxsize=4)
def _store(place: str) -> BlobStore:
    if place.startswith("s3://"):
        from guangyue.records.evidence.s3 import S3Store

        return S3Store.at(place)
    return FolderStore(Path(place))
