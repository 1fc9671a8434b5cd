"""The security pages answer every requirement, and what they name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "security"
LEVEL_2 = 253
STATUSES = {"yes", "partly", "operator", "no", "n/a"}


def rows(page):
    for line in (PAGES / page).read_text("utf-8").splitlines():
        if re.match(r"\| [V8]\S*\d", line):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def test_every_requirement_of_the_two_levels_is_answered_once():
    wanted = [tuple(line.split()) for line in (PAGES / "asvs-5.0-level-2.txt").read_text().splitlines()]
    assert len(wanted) == LEVEL_2
    assert {level for _, level in wanted} == {"L1", "L2"}
    answered = [(row[0], f"L{row[1]}") for row in rows("asvs.md")]
    assert answered == wanted
    for row in rows("asvs.md"):
        assert len(row) == 5, row
        assert row[2] in STATUSES, row
        assert len(row[3]) > 2, row
        assert row[4] != "–" or row[2] in {"n/a", "no"}, f"{row[0]} shows nothing"


def test_the_counts_at_the_top_are_those_of_the_table():
    found = [row[2] for row in rows("asvs.md")]
    text = (PAGES / "asvs.md").read_text("utf-8")
    for status in STATUSES:
        assert f"*{status}*: {found.count(status)}" in text


def test_every_control_of_level_3_is_answered():
    wanted = {1: 10, 2: 3, 3: 6, 4: 11, 5: 4, 6: 4, 7: 5, 8: 4, 9: 10, 10: 14}
    found = [row[0] for row in rows("mlps3.md")]
    assert found == [f"8.1.{chapter}.{n}" for chapter, most in wanted.items() for n in range(1, most + 1)]
    for row in rows("mlps3.md"):
        assert len(row) == 5, row
        assert (row[2], row[3]) != ("–", "–"), f"{row[0]} is nobody's"


@pytest.mark.parametrize("page", ["asvs.md", "mlps3.md"])
def test_what_shows_it_exists(page):
    missing = []
    for row in rows(page):
        named = re.findall(r"`([^`]+)`", row[4])
        missing += [f"{row[0]}: {n}" for n in named if ("/" in n or "." in n) and not (ROOT / n).exists()]
        missing += [
            f"{row[0]}: {named[0]} has no {n}"
            for n in named
            if n.startswith("test_") and f"def {n}(" not in (ROOT / named[0]).read_text("utf-8")
        ]
    assert missing == []
