"""One decided case, for somebody who has no account; run inside the server's process."""

from __future__ import annotations

from typing import Any

from tests.browser.field.case import decided
from tests.browser.field.people import joint_enforcement

from guangyue.records.papers import verify_code


def one_case() -> dict[str, Any]:
    """The slip's number, and the code its QR carries."""
    joint_enforcement()
    slip = decided()
    return {"slip": slip, "code": verify_code(slip)}
