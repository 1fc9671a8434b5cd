"""What the commands of ``guangyue patrol`` share: language, refusals, progress, and the file of calls."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.events import Calls, read_calls
from guangyue.engines.patrol.forecast import History
from guangyue.engines.patrol.forecast.level import Factors
from guangyue.engines.patrol.forecast.predict import Scheduled
from guangyue.engines.patrol.grid import hex_grid
from guangyue.engines.patrol.inputs import festivals, positions, read_factors, read_scheduled, scheduled_of
from guangyue.engines.patrol.simulate import SimulateError
from guangyue.engines.roads import RoadsError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "EPOCH",
    "FILE",
    "FOLDER",
    "Given",
    "date",
    "day_of",
    "from_calls",
    "language",
    "progress",
    "refusing",
    "say",
]

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
EPOCH = dt.date(1970, 1, 1)
AHEAD = 366
"""Days past the last call for which festivals are looked up."""


def language() -> str:
    """The language asked for with ``--lang``."""
    return click.get_current_context().find_object(str) or "zh"


def say(zh: str, en: str, *, err: bool = False) -> None:
    """A line of the result, in the language asked for."""
    click.echo(zh if language() == "zh" else en, err=err)


def progress(done: float) -> None:
    """A share between 0 and 1 as a line that is written over; the last one stays."""
    full = round(30 * done)
    click.echo(f"\r[{'#' * full}{'.' * (30 - full)}] {done:4.0%} ", nl=done >= 1, err=True)


def refusing(command: Callable[..., None]) -> Callable[..., None]:
    """An engine's refusal as one sentence instead of a stack trace."""

    @functools.wraps(command)
    def told(*args: Any, **options: Any) -> None:  # noqa: ANN401 - handed on
        try:
            command(*args, **options)
        except PatrolError as error:
            raise click.ClickException(f"{error.of(language())} [{error.code}]") from error
        except (RoadsError, SimulateError) as error:
            raise click.ClickException(f"{error.text.of(language())} [{error.code}]") from error

    return told


@dataclass(frozen=True, slots=True)
class Given:
    """What a file of calls and the files beside it hold.

    Attributes:
        calls: the calls.
        history: the calls on their grid, in their slots.
        hours: when the slots begin.
        factors: festivals, weather and other influences on the whole city.
        scheduled: demand known in advance.
        into: the folder for the results.
    """

    calls: Calls
    history: History
    hours: tuple[float, ...]
    factors: Factors
    scheduled: tuple[Scheduled, ...]
    into: Path

    def beyond(self, end: int) -> list[str]:
        """The factors that say nothing about some day before ``end``."""
        return [name for name, (first, series) in self.factors.values.items() if first + len(series) < end]


def from_calls(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what the file of calls holds; the command receives :class:`Given`."""

    @functools.wraps(command)
    def opened(
        *, calls: Path, zone: str, slots: str, resolution: int, areas: int, rename: tuple[str, ...], all_from: str | None,
        factors: Path | None, cn_festivals: bool, scheduled: Path | None, into: Path, **rest: Any,  # noqa: ANN401 - handed on
    ) -> None:  # fmt: skip
        wrong = next((pair for pair in rename if "=" not in pair), None)
        if wrong is not None:
            message = f"{wrong!r} is not OURS=THEIRS, such as time=date"
            raise click.BadParameter(message, param_hint="--rename")
        pairs = dict(pair.split("=", 1) for pair in rename)
        read = read_calls(calls, zone=zone, rename={theirs: ours for ours, theirs in pairs.items()}, all_from=all_from)
        hours = _hours(slots)
        rows = read_scheduled(scheduled) if scheduled else []
        where = positions(rows)
        grid, cell = hex_grid(read.longitude, read.latitude, resolution=resolution, areas=areas, also=where)
        history = History(grid=grid, day=read.day, cell=cell, slot=read.slot(hours), slots=len(hours))
        values = read_factors(factors).values if factors else {}
        if cn_festivals:
            values = festivals(int(read.day[0]), int(read.day[-1]) + AHEAD).values | values
        into.mkdir(parents=True, exist_ok=True)
        known = scheduled_of(rows, grid.find(*where), hours)
        command(Given(read, history, hours, Factors(values), known, into), **rest)

    guarded = refusing(opened)
    for option in (
        click.option("--into", type=FOLDER, default=Path("patrol"), show_default=True, help="Folder for the results."),
        click.option(
            "--scheduled", type=FILE,
            help="Demand known in advance: name, lon, lat, hour, from, until, calls; weekdays (1 to 7).",
        ),
        click.option("--cn-festivals", is_flag=True, help="China's festivals and make-up days as factors."),
        click.option("--factors", type=FILE, help="Weather, school terms, other holidays: date and a column for each."),
        click.option("--all-from", help="The source of every row, for a file of one kind only, such as call."),
        click.option(
            "--rename", multiple=True, metavar="OURS=THEIRS", help="A column by another name, such as time=date."
        ),
        click.option(
            "--areas", default=7, show_default=True, help="H3 resolution of the areas that intervals speak of."
        ),
        click.option("--resolution", default=9, show_default=True, help="H3 resolution of the cells."),
        click.option("--slots", default="0,8,16", show_default=True, help="Hours at which the slots of the day begin."),
        click.option("--zone", default="Asia/Shanghai", show_default=True, help="Time zone of the city."),
        click.argument("calls", type=FILE),
    ):  # fmt: skip
        guarded = option(guarded)
    return guarded


def _hours(slots: str) -> tuple[float, ...]:
    try:
        return tuple(float(h) for h in slots.split(","))
    except ValueError as error:
        message = f"{slots!r} is not a list of hours such as 0,8,16"
        raise click.BadParameter(message, param_hint="--slots") from error


def day_of(text: str | None, usual: int) -> int:
    """A date as days since 1970-01-01."""
    if text is None:
        return usual
    try:
        return (dt.date.fromisoformat(text) - EPOCH).days
    except ValueError as error:
        message = f"{text!r} is not a date such as 2026-11-22"
        raise click.BadParameter(message) from error


def date(day: int) -> str:
    """Days since 1970-01-01 as a date."""
    return (EPOCH + dt.timedelta(days=int(day))).isoformat()
