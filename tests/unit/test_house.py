"""What must hold for the whole house: sizes, words, locks, nothing of anybody's machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "guangyue"
MOST_LINES = 400


def tracked(*patterns: str) -> list[Path]:
    done = subprocess.run(["git", "ls-files", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


def test_no_file_has_grown_out_of_its_room():
    sizes = {
        p.relative_to(ROOT).as_posix(): len(p.read_text("utf-8").splitlines()) for p in tracked("src/*.py", "src/*.ts")
    }
    assert {name: n for name, n in sizes.items() if n > MOST_LINES} == {}


def test_lock_files_name_no_address():
    for path in tracked("*.lock", "*package-lock.json"):
        # a package-lock names where its authors take donations; what it must not name is where files come from
        lines = [
            line
            for line in path.read_text().splitlines()
            if re.search(r'"resolved"|index-url|@ https?://|\.whl|\.tar', line)
        ]
        assert lines == [], path


def test_nothing_of_a_machine_is_tracked():
    pattern = re.compile(r"/(?:work|root|home)/[a-z.]+/|/tmp/[a-z_]+/", re.IGNORECASE)
    found = {}
    for path in tracked("*.py", "*.ts", "*.sh", "*.md", "*.toml", "*.html", "*.sql", "Makefile"):
        if hits := [line for line in path.read_text("utf-8").splitlines() if pattern.search(line)]:
            found[path.relative_to(ROOT).as_posix()] = hits
    found.pop("tests/unit/test_house.py", None)
    assert found == {}


def test_every_package_says_what_it_is():
    silent = [
        p
        for p in SOURCE.rglob("__init__.py")
        if "migrations" not in p.parts and not p.read_text("utf-8").lstrip().startswith('"""')
    ]
    assert silent == []


def words_of_templates() -> set[str]:
    found: set[str] = set()
    for path in SOURCE.rglob("*.html"):
        text = path.read_text("utf-8")
        found |= {m[1] or m[2] for m in re.finditer(r"{%\s*translate (?:\"([^\"]+)\"|'([^']+)')", text)}
        found |= {
            m.strip() for m in re.findall(r"{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate", text, re.DOTALL)
        }
    return {re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", word) for word in found}


def test_every_word_of_the_pages_is_translated():
    known: set[str] = set()
    for path in SOURCE.rglob("locale/zh_Hans/LC_MESSAGES/django.po"):
        catalogue = polib.pofile(str(path))
        assert [e.msgid for e in catalogue if not e.translated()] == [], path
        known |= {e.msgid for e in catalogue}
    assert sorted(words_of_templates() - known) == []


@pytest.mark.database
def test_models_and_migrations_agree(city_database):
    done = subprocess.run(
        [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
        env=city_database.environment() | {"DJANGO_SETTINGS_MODULE": "guangyue.web.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
