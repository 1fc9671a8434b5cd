"""The authorisation matrix of all addresses: complete, and true in every cell (``src/guangyue/web/authz.txt``)."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.urls import get_resolver
from tests.web.knocking import Scene, knock

from guangyue.records.evidence.store import FolderStore
from guangyue.records.library import LIBRARY
from guangyue.web.authz import MARKS, RELATIONS, read

pytestmark = [pytest.mark.database]
TABLE = read()


def names(resolver=None, space=""):
    """The name of every address, with its namespace."""
    for entry in (resolver or get_resolver()).url_patterns:
        if hasattr(entry, "url_patterns"):
            inside = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from names(entry, inside)
        else:
            yield f"{space}{entry.name}"


def test_every_address_has_a_line():
    known, found = {row.name for row in TABLE.rows}, set(names())
    assert found - known == set(), "add a line to web/authz.txt"
    assert known - found == set(), "a line without an address"


def test_every_line_is_whole():
    for row in TABLE.rows:
        cells = set(map(len, row.cells.values()))
        assert cells == {len(RELATIONS) if row.about == "matter" else 1}, row.name
    assert len({(row.name, row.method) for row in TABLE.rows}) == len(TABLE.rows)


@pytest.fixture
def scene(town, settings, tmp_path):
    settings.GUANGYUE_EVIDENCE = str(tmp_path / "evidence")
    FolderStore(tmp_path / "evidence")
    return Scene.built(town)


MARK = {status: mark for mark, statuses in MARKS.items() for status in statuses}


@pytest.mark.django_db
def test_every_cell_is_true(scene):
    """One filled town, one request a cell; then the fields, then what lists show."""
    asserted, wrong = 0, []
    for row in TABLE.rows:
        found = {}
        for name in row.cells:
            relations = RELATIONS if row.about == "matter" else RELATIONS[:1]
            statuses = [knock(scene, row, name, relation).status_code for relation in relations]
            found[name] = "".join(MARK.get(s, f"<{s}>") for s in statuses)
            asserted += len(relations)
        if found != row.cells:
            wrong.append(
                f"{row.name} {row.method}\n  expected {' '.join(row.cells.values())}\n  found    {' '.join(found.values())}"
            )
    wrong += fields_that_differ(scene)
    asserted += sum(len(f.cells) for f in TABLE.fields)
    wrong += lists_that_differ(scene)
    if report := os.environ.get("GUANGYUE_AUTHZ_REPORT"):
        cells = sum(len(c) for row in TABLE.rows for c in row.cells.values()) + sum(len(f.cells) for f in TABLE.fields)
        Path(report).write_text(json.dumps({"cells": cells, "asserted": asserted, "wrong": wrong}))
    assert not wrong, "\n".join(wrong)


def fields_that_differ(scene):
    """Every field of a decided matter, as the API gives it to each capacity; what is withheld is in no story and on no page."""
    ref, wrong = scene.decided(), []
    every = {f.name for f in LIBRARY["streets.parking", 0].fields}
    for name in TABLE.capacities:
        answer = scene.api(name).get(f"/api/matters/{ref}")
        shown, masked = (
            (answer.json()["fields"], answer.json()["masked"]) if answer.status_code == 200 else (None, None)
        )
        for field in TABLE.fields:
            if field.name not in every:
                wrong.append(f"streets.parking has no field {field.name}")
            found = "." if shown is None else "+" if field.name in shown else "-"
            if found != field.cells[name]:
                wrong.append(f"field {field.name} for {name}: expected {field.cells[name]}, found {found}")
            if found == "-":
                story = scene.api(name).get(f"/api/matters/{ref}/timeline").json()
                wrong += (
                    [f"{field.name} in {name}'s story"]
                    if any(field.name in e["values"] for e in story["lines"])
                    else []
                )
                wrong += [f"{field.name} is not named as masked for {name}"] if field.name not in masked else []
        unlisted = set(shown or ()) - {f.name for f in TABLE.fields}
        if unlisted:
            wrong.append(f"{name} reads fields without a line: {sorted(unlisted)}")
    return wrong


def lists_that_differ(scene):
    """A list shows no matter whose door is closed, and misses none that is open."""
    wrong = []
    doors = {row.name: row for row in TABLE.rows}
    for name in TABLE.capacities:
        open_to = doors["api:show_matter"].cells[name]
        seen = {scene.matters[name, r] for r, mark in zip(RELATIONS, open_to, strict=True) if mark == "+"}
        unseen = {scene.matters[name, r] for r, mark in zip(RELATIONS, open_to, strict=True) if mark != "+"}
        where = "party" if name == "party" else "involved"
        answer = scene.api(name).get(f"/api/matters?where={where}&most=200")
        listed = {item["id"] for item in answer.json()["items"]} if answer.status_code == 200 else set()
        if (listed & unseen) or (seen - listed):
            wrong.append(
                f"api:list_matters for {name}: too many {sorted(listed & unseen)}, too few {sorted(seen - listed)}"
            )
        for path in (
            "/console/?where=involved",
            "/console/rows?where=involved",
            "/console/map/matters.geojson",
            "/field/bundle",
        ):
            answer = scene.browser(name).get(path)
            text = answer.content.decode() if answer.status_code == 200 else ""
            numbers = {scene.number(ref) for ref in unseen - seen}
            if found := [n for n in numbers if n in text]:
                wrong.append(f"{path} shows {name} {found}")
    return wrong
