"""Who may knock where: one row for every address the product answers to (权限表).

A test walks all addresses and fails on one without a row; another knocks at each in every capacity and compares. What a
row says about *opening the door* is here; which matters lie behind it is decided by the records' access functions, and
which acts by the procedures' own matrix.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["EVERYONE", "FRAMEWORK", "ROWS", "Row"]

EVERYONE = ("nobody", "citizen", "no_role", "own", "other_unit", "other_agency")
"""Somebody who has not signed in; a citizen; staff without a role; staff of the unit that has the matter; of another
unit of the same agency; of an agency the procedure does not name."""


@dataclass(frozen=True, slots=True)
class Row:
    """One address.

    Attributes:
        name: of the address. method: how one knocks.
        answers: the status for each of :data:`EVERYONE`, in that order; 302 leads to the sign-in.
        about: what it is about: ``matter`` (a matter of the unit ``own``), or nothing in particular.
    """

    name: str
    method: str
    answers: tuple[int, int, int, int, int, int]
    about: str = ""


def _page(name: str, *, found: int = 200, method: str = "GET") -> Row:
    """A page of the console that every member of staff with a role may open."""
    return Row(name, method, (302, 403, 403, found, found, found))


ROWS: tuple[Row, ...] = (
    Row("home", "GET", (200,) * 6),
    Row("health", "GET", (200,) * 6),
    Row("health_live", "GET", (200,) * 6),
    Row("health_ready", "GET", (200,) * 6),
    Row("health_programs", "GET", (302, 403, 403, 404, 404, 404)),
    Row("metrics", "GET", (404,) * 6),
    Row("set_language", "POST", (302,) * 6),
    Row("set_theme", "POST", (302,) * 6),
    Row("api:openapi-json", "GET", (200,) * 6),
    Row("api:list_procedures", "GET", (401, 200, 200, 200, 200, 200)),
    Row("api:show_procedure", "GET", (401, 200, 200, 200, 200, 200)),
    Row("api:list_matters", "GET", (401, 200, 200, 200, 200, 200)),
    Row("api:open_matter", "POST", (401, 403, 403, 201, 201, 403)),
    Row("api:show_matter", "GET", (401, 404, 404, 200, 404, 404), "matter"),
    Row("api:show_timeline", "GET", (401, 404, 404, 200, 404, 404), "matter"),
    Row("api:act_on_matter", "POST", (401, 404, 404, 200, 404, 404), "matter"),
    _page("console_home"),
    _page("console_rows"),
    _page("console_here", found=204),
    _page("console_changes"),
    _page("events", found=204),
    _page("console_matters_map"),
    _page("console_city_map"),
    _page("console_views", found=302, method="POST"),
    _page("console_view_delete", found=302, method="POST"),
    Row("console_matter", "GET", (302, 403, 403, 200, 404, 404), "matter"),
    Row("console_act", "GET", (302, 403, 403, 200, 404, 404), "matter"),
    Row("console_new", "GET", (302, 403, 403, 302, 302, 200)),
    Row("console_open", "GET", (302, 403, 403, 200, 200, 404)),
    _page("console_figures"),
    _page("console_figure"),
    Row("console_fraud", "GET", (302, 403, 403, 404, 404, 404)),
    Row("console_patrol", "GET", (302, 403, 403, 404, 404, 404)),
    Row("console_patrol_map", "GET", (302, 403, 403, 404, 404, 404)),
    Row("field", "GET", (200,) * 6),
    Row("field_manifest", "GET", (200,) * 6),
    Row("field_bundle", "GET", (401, 401, 401, 200, 200, 200)),
    Row("field_paper", "GET", (404,) * 6),
    Row("portal_paper", "GET", (302,) * 6),
    Row("portal", "GET", (200,) * 6),
    *(Row(name, "GET", (302,) * 6) for name in ("portal_matter", "portal_photo", "portal_looks", "portal_act")),
    Row("portal_rate", "POST", (302,) * 6),
    Row("portal_leave", "POST", (302,) * 6),
    Row("verify", "GET", (200,) * 6),
    Row("verify_paper", "GET", (404,) * 6),
)

FRAMEWORK: frozenset[str] = frozenset({
    "api:api-root",
    "account_login", "account_logout", "account_reauthenticate", "account_change_password", "account_set_password",
    "evidence_uploads", "evidence_upload", "evidence_file", "field_worker", "field_plate",
})  # fmt: skip
"""Addresses whose doors are tested where they are made: signing in (tests/city), evidence (tests/evidence), the phone's
service worker and plate reading (tests/web/field)."""
