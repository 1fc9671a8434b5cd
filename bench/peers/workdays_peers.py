"""Working days added by chinesecalendar and by holidays: reads questions as JSON, writes seconds and answers as JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta


def measure(add: Callable[[date, int], date], questions: list[tuple[date, int]]) -> dict[str, object]:
    """The answers, and the best of three rounds."""
    best, answers = float("inf"), []
    for _ in range(3):
        began = time.perf_counter()
        answers = [add(day, amount) for day, amount in questions]
        best = min(best, time.perf_counter() - began)
    return {"seconds": best, "answers": [answer.isoformat() for answer in answers]}


def main() -> None:
    """Both peers on the same questions."""
    import chinese_calendar
    import holidays

    questions = [(date.fromisoformat(day), amount) for day, amount in json.load(sys.stdin)]
    china = holidays.country_holidays("CN", years=range(2020, 2028), language="en_US")

    def by_walking(day: date, amount: int) -> date:
        while amount:
            day += timedelta(days=1)
            amount -= chinese_calendar.is_workday(day)
        return day

    json.dump(
        {"chinesecalendar": measure(by_walking, questions), "holidays": measure(china.get_nth_working_day, questions)},
        sys.stdout,
    )


if __name__ == "__main__":
    main()
