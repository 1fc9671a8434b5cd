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
    Shot("streets-roster", "/console/streets/roster", "urbanhead1", whole=True),
    Shot("streets-gaps", "/console/streets/gaps", "commander1", whole=True),
    Shot("streets-visits", "/console/streets/visits", "urban1", whole=True),
    Shot("streets-inspections", "/console/streets/inspections", "urban1", whole=True),
    Shot("streets-given", "/console/streets", "station1", whole=True),
    Shot("streets-fined", "/console/matters/{fined}", "urban1", whole=True),
    Shot("streets-told", "/console/matters/{told}", "urban1", whole=True),
    Shot("streets-ads", "/console/matters/{ads}", "urban1", whole=True),
    Shot("streets-asking", "/console/matters/{asking}", "station1", whole=True),
    Shot("streets-identity", "/console/matters/{identity}", "county1", whole=True),
    Shot("streets-goods", "/console/matters/{goods}", "urban1", whole=True),
    Shot("streets-transfer", "/console/matters/{transfer}", "urbanhead1", whole=True),
    Shot("streets-inspection", "/console/matters/{inspection}", "urban1", whole=True),
    Shot("streets-team", "/console/matters/{team}", "urbanhead1", whole=True),
    Shot("act-tell", "/console/matters/{ads}/act/tell", "urban1", ready="form.act", whole=True),
    Shot("act-order", "/console/matters/{ads}/act/order", "urban1", ready="form.act", whole=True),
    Shot("act-identity", "/console/matters/{asking}/act/check_identity", "station1", ready="form.act", whole=True),
    Shot("act-add", "/console/matters/{goods}/act/add", "urban1", ready="form.act", whole=True),
    Shot("act-file", "/console/matters/{ads}/act/file", "urban1", ready="form.act", whole=True),
    Shot("new-goods", "/console/new/streets.goods/list", "urban1", ready="form.act", whole=True),
    Shot("new-team", "/console/new/streets.team/form", "urbanhead1", ready="form.act", whole=True),
    Shot("new-inspection", "/console/new/streets.inspection/begin", "urban1", ready="form.act", whole=True),
    Shot("new-ads", "/console/new/streets.small_ads/record", "urban1", ready="form.act", whole=True),
    Shot("streets-more", "/console/", "review1", ready="#map[data-ready=true]", before=_more),
    Shot("streets-late", "/console/?desk=streets&overdue=1", "commander1", ready="#map[data-ready=true]"),
    Shot("fraud-day", "/console/fraud?at=16:30", "fraud1", whole=True),
    Shot("fraud-case", "/console/fraud?at=16:30&person=abc123def", "fraud1", whole=True),
    Shot("no-role", "/console/", "citizen1"),
]
