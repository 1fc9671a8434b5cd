"""Looks at an installation through every face of it and prints what it sees; run by ``test_extend`` on an enlarged copy.

Usage: ``python -m tests.streets.extended FOLDER PROCEDURE …``; the answers are JSON on standard output.
"""

from __future__ import annotations

import json
import sys
from itertools import count
from pathlib import Path
from typing import Any

import django


def city() -> Any:
    """Two agencies with people, as the tests of the pages have them."""
    from tests.web.conftest import Town

    from guangyue.city.models import Agency
    from guangyue.city.units import add_unit

    units = {}
    for kind in ("urban", "traffic_police"):
        agency = Agency.objects.create(code=kind, kind=kind, name_zh=kind, name_en=kind)
        units[kind] = add_unit(agency, kind, kind, level="city")
        units[f"{kind}-1"] = add_unit(agency, f"{kind}-1", f"{kind}-1", level="county", parent=units[kind])
    return Town(units, count(1))


def opened(town: Any, code: str) -> dict[str, Any]:
    """A matter recorded through the API, a fine outside the band refused, an order given; what the figures then say."""
    from tests.web.conftest import city_now

    from guangyue.kernel.grammar import PhotoSet
    from guangyue.records import figures
    from guangyue.records.database import db
    from guangyue.records.library import LIBRARY

    procedure = LIBRARY[code, 0]
    li, sun = town.someone("urban_officer", "urban-1"), town.someone("urban_officer", "urban-1")
    action = next(a for a in procedure.actions if a.opens)
    now = city_now()
    wanted = [e for e in action.evidence if isinstance(e, PhotoSet)]
    pieces = [town.photo(li, e.code, f"{e.code}{n}", now) for e in wanted for n in range(e.at_least)]
    form = procedure.tables.forms[action.code]
    values = {n: q.field.choices[0][0] if q.field.choices else "柳园路" for n, q in form.items() if q.ask.required}
    if "place_type" in values:
        values["place_type"] = "public_ground"
    made = li.post("/api/matters", {"procedure": code, "action": action.code, "values": values, "evidence": pieces})
    seen = {"opened": made.status_code, "said": made.json()}
    if made.status_code == 201 and "order" in procedure.tables.actions:
        ref, with_ = made.json()["id"], {"officers": [sun.account.person.number]}
        party = {"party_name": "甲店", "facts": "现场发现。"}
        for body in ({"act": "tell", "values": {**party, "measure": "fine", "told_fine": 300_00}, "checks": ["card_shown"]},
                     {"act": "hear", "values": {"answer": "none"}}):  # fmt: skip
            li.post(f"/api/matters/{ref}/actions/{body.pop('act')}", body | with_)
        fine = {"values": {"fine": 301_00, "party_signed": "signed"}}
        seen["fine"] = [
            r["text"] for r in li.post(f"/api/matters/{ref}/actions/fine_on_spot", fine | with_).json()["reasons"]
        ]
    day = now.date()
    window = figures.Window.days(day, day, None)
    seen["figures"] = figures.totals(db(), code, [f.code for f in procedure.figures], window)
    return seen


def main(folder: Path, codes: list[str]) -> None:
    """Prints what each face shows of some procedures."""
    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    from tests.web.sessions import browser

    from guangyue.cli.procedure import group

    town = city()
    officer = town.someone("urban_officer", "urban-1")
    signed_in = browser(officer.account)
    group.main(["docs", "--into", str(folder), "--examples", str(folder / "none")], standalone_mode=False)
    docs = sorted(f.name for f in folder.rglob("*.md"))
    every = [p["code"] for p in officer.get("/api/procedures").json()["procedures"]]
    new = signed_in.get("/console/new").content.decode()
    seen = {code: faces(code, town, officer, signed_in) for code in codes}
    figures = signed_in.get("/console/figures").content.decode()
    for code, one in seen.items():
        page = (folder / "procedures" / f"{code}.zh.md").read_text("utf-8")
        one |= {"docs": docs, "api_all": every, "page_new": new, "figures_page": figures, "page": page}
    sys.stdout.write("\n" + json.dumps(seen, ensure_ascii=False))


def faces(code: str, town: Any, officer: Any, signed_in: Any) -> dict[str, Any]:
    """What is seen of one procedure."""
    from guangyue.kernel.matrix import cells
    from guangyue.law.competence import BANDS, COMPETENCE, LADDERS
    from guangyue.records.library import LIBRARY

    procedure = LIBRARY[code, 0]
    opening = next(a.code for a in procedure.actions if a.opens)
    return {
        "title": procedure.title.zh,
        "page_open": signed_in.get(f"/console/new/{code}/{opening}").status_code,
        "api": officer.get(f"/api/procedures/{code}").json(),
        "matrix": sum(c.allowed for c in cells(procedure)),
        "law": [c for table in (COMPETENCE, BANDS, LADDERS) for c in table.codes()],
        **opened(town, code),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
