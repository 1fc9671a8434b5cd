"""The duty roster of the demo city (值班表): a few days ahead at every start, so that somebody is always on duty."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from guangyue.city import clock
from guangyue.city.models import Account, Shift, Unit
from guangyue.city.roster import add_shift
from guangyue.law import CITY, local_date

__all__ = ["DAYS", "DUTY", "post_duty"]

DAYS = 3
"""Today and the days after it."""
_DAY, _EVENING, _NIGHT, _STREET = (8, 8), (16, 8), (0, 8), (7, 12)

# fmt: off
DUTY: tuple[tuple[str, str, str, str, tuple[int, int]], ...] = (
    ("urban1", "UM-D1", "joint_patrol", "联合1组", _STREET), ("traffic1", "TP-D1", "joint_patrol", "联合1组", _STREET),
    ("urban2", "UM-D1", "joint_patrol", "联合2组", _STREET), ("traffic2", "TP-D1", "joint_patrol", "联合2组", _STREET),
    ("urban3", "UM-D2", "joint_patrol", "联合3组", _STREET), ("traffic3", "TP-D2", "joint_patrol", "联合3组", _STREET),
    ("urban4", "UM-D2", "joint_patrol", "联合4组", _STREET), ("traffic4", "TP-D2", "joint_patrol", "联合4组", _STREET),
    ("aux1", "TP-D1", "joint_patrol", "联合1组", _STREET), ("aux3", "UM-D1", "joint_patrol", "联合2组", _STREET),
    ("review1", "TP-REV", "review", "", _DAY), ("review2", "TP-REV", "review", "", _EVENING),
    ("calltaker1", "PS-CMD", "call_taker", "", _DAY), ("calltaker2", "PS-CMD", "call_taker", "", _EVENING),
    ("dispatcher1", "PS-CMD", "dispatcher", "", _DAY), ("dispatcher2", "PS-CMD", "dispatcher", "", _EVENING),
    ("commander1", "PS-CMD", "commander", "", _DAY), ("policehead1", "PS-CMD", "commander", "", _EVENING),
    ("station1", "PS-01A", "patrol", "老城01", _STREET), ("station2", "PS-01B", "patrol", "书院01", _STREET),
    ("station4", "PS-03A", "patrol", "闸口01", _STREET), ("station5", "PS-03B", "patrol", "夜市01", _EVENING),
    ("aux4", "PS-01A", "patrol", "老城01", _STREET), ("aux5", "PS-03B", "patrol", "夜市01", _EVENING),
    ("station3", "PS-01C", "patrol", "运河01", _NIGHT), ("county1", "PS-01", "commander", "", _NIGHT),
)
# fmt: on
"""Login, unit, post, crew, and from which hour for how many. Joint teams have a member of each agency."""


def post_duty() -> int:
    """Put the demo's people on duty for today and the days after, where nobody is posted yet; how many shifts were added."""
    today = local_date(clock.now())
    added = 0
    missing = [day for day in (today + timedelta(days=n) for n in range(DAYS)) if not _posted(_at(day, 0))]
    if not missing:
        return 0
    logins = {login for login, *_ in DUTY}
    people = {a.username: a.person for a in Account.objects.filter(username__in=logins).select_related("person")}
    units = {u.code: u for u in Unit.objects.filter(code__in={unit for _, unit, *_ in DUTY})}
    for day in missing:
        for login, unit, post, crew, (hour, hours) in DUTY:
            person = people.get(login)
            if person is not None:
                since = _at(day, hour)
                add_shift(person, units[unit], post, since, since + timedelta(hours=hours), crew=crew)
                added += 1
    return added


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), CITY).astimezone(UTC)


def _posted(since: datetime) -> bool:
    return Shift.objects.filter(post="joint_patrol", during__contains=since + timedelta(hours=12)).exists()
