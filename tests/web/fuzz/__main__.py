"""``python -m tests.web.fuzz --superuser DSN``: fuzzes the product on the database of the environment, and reports.

Run on a database of one's own; ``bench/web_fuzz.py`` and ``tests/web/test_fuzz.py`` make one.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from pathlib import Path

import django

django.setup()

from bench.web_fuzz import MANY, PROGRESS  # noqa: E402 - after the set-up
from django.conf import settings  # noqa: E402
from tests.web.fuzz.api import fuzz_api  # noqa: E402
from tests.web.fuzz.judge import Judge  # noqa: E402
from tests.web.fuzz.pages import fuzz_addresses, fuzz_forms  # noqa: E402
from tests.web.fuzz.stage import stage  # noqa: E402
from tests.web.fuzz.uploads import fuzz_uploads  # noqa: E402

PARTS = {
    "api": (fuzz_api, 0.45),
    "addresses": (fuzz_addresses, 0.2),
    "forms": (fuzz_forms, 0.15),
    "uploads": (fuzz_uploads, 0.2),
}
ROUND = 4_000
"""Requests of one round; the next has another seed, and Hypothesis forgets what it has tried."""


def main() -> int:
    """Fills, fuzzes, writes the report; 1 when anything was answered badly."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--superuser", required=True)
    parser.add_argument("--requests", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--report", type=Path)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    began = time.monotonic()
    town = stage(given.superuser)
    town.everybody = given.requests >= MANY  # to send a case again costs far less than to think of another
    round_ = ROUND * len(town.logins) if town.everybody else ROUND
    filled = time.monotonic() - began
    judge = Judge()
    seed = given.seed
    seconds: dict[str, float] = {}
    while (left := given.requests - judge.requests) > 0:
        for name, (fuzz, share) in PARTS.items():
            if given.only in {None, name}:
                since = time.monotonic()
                fuzz(judge, town, max(5, int(min(left, round_) * (1 if given.only else share))), seed)
                seconds[name] = round(seconds.get(name, 0.0) + time.monotonic() - since, 1)
                bad, after = sum(judge.times.values()), time.monotonic() - began
                sys.stderr.write(f"{PROGRESS}{bad} of {judge.requests:,} requests so far, {after:.0f} s\n")
        seed += 1
    said = judge.report() | {
        "seed": given.seed,
        "seconds": seconds,
        "fill_s": round(filled, 1),
        "took_s": round(time.monotonic() - began, 1),
    }
    text = json.dumps(said, indent=1, ensure_ascii=False)
    if given.report:
        given.report.write_text(text, "utf-8", errors="replace")
    else:
        sys.stdout.write(text.encode("utf-8", "replace").decode() + "\n")
    return 1 if judge.bad else 0


if __name__ == "__main__":
    sys.exit(main())
