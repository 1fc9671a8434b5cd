"""The console's pages for ``make screens``."""

from __future__ import annotations

from typing import Any

from tests.browser.screens import Shot

__all__ = ["SHOTS"]


def _settings(page: Any) -> None:
    page.click(".settings-button")


def _more(page: Any) -> None:
    page.click(".filters .more summary")


def _clock(page: Any) -> None:
    page.locator("button.clock").first.click()


SHOTS = [
    Shot("front", "/"),
    Shot("sign-in", "/account/login/", ready="form"),
    Shot("console-home", "/console/", "review1", ready="#map[data-ready=true]"),
    Shot("console-home-urban", "/console/", "urban1", ready="#map[data-ready=true]"),
    Shot("console-closed", "/console/?view=closed", "urban1", ready="#map[data-ready=true]"),
    Shot("console-empty", "/console/?q=none-such", "review1", ready="#map[data-ready=true]"),
    Shot("console-settings", "/console/", "review1", ready="#map[data-ready=true]", before=_settings),
    Shot("console-clock", "/console/matters/{in_review}", "review1", before=_clock),
    Shot("matter-review", "/console/matters/{in_review}", "review1", whole=True),
    Shot("matter-approve", "/console/matters/{in_review}/act/approve", "review1", ready="form.act"),
    Shot("matter-overdue", "/console/matters/{overdue}", "urban1", whole=True),
    Shot("matter-still-there", "/console/matters/{overdue}/act/still_there", "urban1", ready="form.act", whole=True),
    Shot("matter-decided", "/console/matters/{decided}", "review1", whole=True),
    Shot("matter-absent", "/console/matters/999999", "review1"),
    Shot("new", "/console/new/streets.parking/record", "urban1", ready="form.act", whole=True),
    Shot("figures", "/console/figures", "urban1", whole=True),
    Shot("figure-members", "/console/figures/streets.parking/reminders", "urban1"),
    Shot("patrol", "/console/patrol", "commander1", ready="#map[data-ready=true]"),
    Shot("streets-work", "/console/streets", "commander1", whole=True),
    Shot("streets-work-review", "/console/streets", "review1", whole=True),
    Shot("streets-board", "/console/streets/board", "commander1", ready="#map[data-ready=true]", whole=True),
    Shot("streets-entries", "/console/streets/entries/reminders", "commander1"),
    Shot("streets-question", "/console/new/streets.questioning/begin", "urban1", ready="form.act", whole=True),
    Shot("streets-more", "/console/", "review1", ready="#map[data-ready=true]", before=_more),
    Shot("streets-late", "/console/?desk=streets&overdue=1", "commander1", ready="#map[data-ready=true]"),
    Shot("fraud-day", "/console/fraud?at=16:30", "fraud1", whole=True),
    Shot("fraud-case", "/console/fraud?at=16:30&person=abc123def", "fraud1", whole=True),
    Shot("no-role", "/console/", "citizen1"),
]
