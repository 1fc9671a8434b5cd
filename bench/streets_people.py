"""``python -m bench.streets_people``: the demo city small, and who plays a street day in it: tokens and numbers as JSON."""

from __future__ import annotations

import json
from datetime import timedelta

__all__ = ["BENCHES"]

BENCHES = ()
RESIDENTS = 2_000


def main() -> None:
    """Load the city and say who they are."""
    import django

    django.setup()
    from guangyue.city import clock
    from guangyue.city.accounts.tokens import issue_token
    from guangyue.city.models import Account
    from guangyue.demo.city import demo_city
    from guangyue.demo.city.load import load
    from guangyue.demo.prepare import SCOPES
    from guangyue.demo.simulators.streets import OFFICERS, REVIEWERS

    load(demo_city(residents=RESIDENTS))
    found = Account.objects.filter(username__in=(*OFFICERS, *REVIEWERS)).select_related("person")
    until = clock.now() + timedelta(days=5)
    said = {
        a.username: {"token": issue_token(a, "bench", SCOPES, until)[1], "badge": a.person.number if a.person else ""}
        for a in found
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
