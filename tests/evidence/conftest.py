"""A store in a temporary folder, and people who hand things in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guangyue.city import clock
from guangyue.city.personal.installed import forget
from guangyue.records.evidence.access import decide_matters_with
from guangyue.records.evidence.store import FolderStore
from guangyue.records.matters import sees_matter

START = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


class Hands:
    """A clock that stands still."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def go(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    held = Hands()
    monkeypatch.setattr(clock, "now", held.now)
    return held


@pytest.fixture(autouse=True)
def clean():
    forget()
    decide_matters_with(None)
    yield
    decide_matters_with(sees_matter)  # as installed: other tests of this process go on


@pytest.fixture
def folder(settings, tmp_path: Path) -> FolderStore:
    """The installation's store, in a folder of the test's own."""
    settings.GUANGYUE_EVIDENCE = str(tmp_path / "evidence")
    return FolderStore(tmp_path / "evidence")
