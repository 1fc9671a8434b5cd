"""``guangyue fraud explain``: what the engine saw in one event, feature by feature, in words."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from guangyue.engines.fraud.commands.replay import FOLDER, load_stream
from guangyue.engines.fraud.history import over_history
from guangyue.engines.fraud.schema import SLOT_ENTITY, Kind
from guangyue.engines.fraud.sources import BY_CODE

if TYPE_CHECKING:
    from guangyue.engines.fraud.features import Feature
    from guangyue.engines.fraud.schema import Column


def _money(fen: float) -> str:
    return f"¥{fen / 100:,.2f}"


def _recorded(column: Column, value: int) -> str:
    """A column of a record as one would say it."""
    if column.choices:
        return column.choices[value]
    if column.kind is Kind.TOKEN:
        return f"{value:x}" if value else "-"
    return _money(value) if column.kind is Kind.FEN else f"{value:,}"


def spoken(f: Feature, value: float) -> str:
    """A value in its unit, as one would say it."""
    kind = BY_CODE[f.source].column(f.column).kind if f.unit == "column" else None
    if kind is Kind.FEN:
        return _money(value)
    if kind is Kind.SECONDS or f.unit == "seconds":
        return f"{value:,.0f} s" if value < 7200 else f"{value / 3600:,.1f} h"  # noqa: PLR2004 - two hours
    if f.unit == "ratio":
        return f"{value:.2f}"
    return f"{value:,.0f}"


@click.command()
@click.argument("data", type=FOLDER)
@click.argument("event")
@click.option("--all", "everything", is_flag=True, help="Also the features that are zero or have no value.")
@click.option(
    "--salt-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="For tokens given as text."
)
def explain(data: Path, event: str, *, everything: bool, salt_file: Path | None) -> None:
    """Tell the features of one EVENT, given as source:offset, with the reason of each."""
    plan, stream, _ = load_stream(data, salt_file)
    code, _, offset = event.partition(":")
    if code not in BY_CODE or not offset.isdigit():
        raise click.ClickException(f"an event is written source:offset, like bank_transfer:17, not {event!r}")
    number = [s.code for s in plan.sources].index(code)
    at = np.flatnonzero((stream.source == number) & (stream.offset == int(offset)))
    if not at.size:
        raise click.ClickException(f"{data} has no event {event}")
    ordered, values = over_history(plan, stream.take(np.flatnonzero(stream.time <= stream.time[at[0]])))
    i = int(np.flatnonzero((ordered.source == number) & (ordered.offset == int(offset)))[0])
    moment = datetime.fromtimestamp(int(ordered.time[i]) / 1000, UTC).isoformat(timespec="milliseconds")
    click.secho(f"{BY_CODE[code].zh} {BY_CODE[code].en} {offset}, {moment}", bold=True)
    source = BY_CODE[code]
    for k, column in enumerate(source.columns):
        click.echo(f"  {column.name:<14}{column.zh}  {_recorded(column, int(ordered.values[i, k]))}")
    for slot in source.slots:
        lines = []
        for k, name in enumerate(plan.names):
            if name.startswith(slot + "."):
                f = next(f for f in plan.features if f.entity is SLOT_ENTITY[slot] and name == f"{slot}.{f.name}")
                seen = float(values[i, k])
                if everything or (seen != 0 and not math.isnan(seen)):
                    said = "-" if math.isnan(seen) else spoken(f, seen)
                    lines.append(f"  {said:>14}  {f.zh}  {f.en}\n{'':18}{name} = {f.describe()}")
        if lines:
            click.secho(slot, bold=True)
            click.echo("\n".join(lines))
