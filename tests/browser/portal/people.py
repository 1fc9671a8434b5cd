"""Decided cases, for somebody who has no account; run inside the server's process."""

from __future__ import annotations

from typing import Any

from tests.browser.field.case import decided
from tests.browser.field.people import joint_enforcement

from guangyue.records.papers import verify_code

OTHER = "鲁P54321"


def two_cases() -> dict[str, Any]:
    """The slips' numbers, and the code that the first one's QR carries; the second is there to be objected to."""
    joint_enforcement()
    slip = decided()
    return {"slip": slip, "code": verify_code(slip), "other": decided(OTHER)}
