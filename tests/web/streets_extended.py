"""``python -m tests.web.streets_extended``: what an installation shows of its procedures, as JSON; run on a copy of the source.

Asked by ``test_streets_extend``: pages, API, phone, matrix, docs and figures of the offence and the procedure that were added.
"""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.test.utils import setup_test_environment  # noqa: E402 - after the set-up

setup_test_environment()

from tests.web.conftest import Town, city_now  # noqa: E402
from tests.web.sessions import browser  # noqa: E402

from guangyue.city.models import Agency  # noqa: E402
from guangyue.city.units import add_unit  # noqa: E402
from guangyue.cli.procedure import pages  # noqa: E402
from guangyue.desks.registry import procedures  # noqa: E402
from guangyue.kernel.matrix import cells  # noqa: E402
from guangyue.records.database import alone  # noqa: E402
from guangyue.records.figures import roll, stand  # noqa: E402

OFFENCE, PROCEDURE = "streets.dumping", "streets.bench"


def main() -> None:
    """Play it and say what was seen."""
    urban = Agency.objects.create(code="urban", kind="urban", name_zh="城管局", name_en="Urban management")
    town = Town({"urban-1": add_unit(urban, "urban-1", "一中队", level="county")})
    officer = town.someone("urban_officer", "urban-1")
    client = browser(officer.account)
    refs = {}
    for code, action, values in (
        (OFFENCE, "record", {"offence": "dumping.rubble", "place_type": "road", "street": "柳园路1号"}),
        (PROCEDURE, "report", {"where": "柳园路2号"}),
    ):
        photos = [
            town.photo(officer, "found" if code == OFFENCE else "seen", f"{code}{n}", city_now(), plate_legible=False)
            for n in range(3)
        ]
        body = {"procedure": code, "action": action, "values": values, "evidence": photos}
        made = officer.post("/api/matters", body)
        assert made.status_code == 201, made.json()
        refs[code] = made.json()["id"]
    with alone() as raw:
        roll(raw)
        stand(raw)
    known = procedures()
    docs = pages(known, {})
    bundle = client.get("/field/bundle").json()
    said = {
        "new": client.get("/console/new").content.decode(),
        "work": client.get("/console/streets").content.decode(),
        "board": client.get("/console/streets/board").content.decode(),
        "figures": client.get("/console/figures").content.decode(),
        "matter": client.get(f"/console/matters/{refs[OFFENCE]}").content.decode(),
        "openapi": client.get("/api/openapi.json").content.decode(),
        "docs": "".join(docs[f"{code}.{lang}.md"] for code in refs for lang in ("zh", "en")),
    }
    fine = officer.post(
        f"/api/matters/{refs[OFFENCE]}/actions/fine_on_spot", {"values": {"fine": 999_99, "party_signed": "signed"}}
    )
    sys.stdout.write(json.dumps({
        **said,
        "phone": {p["code"]: {a["code"]: sum(e["at_least"] for e in a["evidence"]) for a in p["acts"]} for p in bundle["procedures"]},
        "matrix": {code: len(cells(known[code])) for code in refs},
        "fine": [fine.status_code, [r["code"] for r in fine.json()["reasons"]]],
    }))  # fmt: skip


if __name__ == "__main__":
    main()
