"""``guangyue fraud day``: one day of a run told over again, for the console's page."""

from __future__ import annotations

import json
from pathlib import Path

import click

__all__ = ["day"]

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("data", type=_FOLDER)
@click.option("--day", "number", type=int, help="Which day of the run, from 0; left out: the last.")
@click.option(
    "--into", type=click.Path(dir_okay=False, path_type=Path), required=True,
    help="The file to write; the console reads fraud/day.json in the installation's folder.",
)  # fmt: skip
@click.option("--budget", default=20, show_default=True, help="Persons to warn of at most.")
@click.option("--rules", "rule_file", type=_FILE, help="Rule file instead of the national rules.")
def day(*, data: Path, number: int | None, into: Path, budget: int, rule_file: Path | None) -> None:
    """Tell a day of a run in DATA over again: each warning when it would have come, each person's time line."""
    from guangyue.engines.fraud.evaluate.day import tell_day
    from guangyue.engines.fraud.rules.command import compiled
    from guangyue.engines.fraud.simulate import Recorded, RunError

    rules = compiled(rule_file)
    try:
        run = Recorded(data)
        with click.progressbar(length=100, label="day") as bar:
            told = tell_day(
                run, rules, run.length - 1 if number is None else number, budget=budget,
                progress=lambda done, whole: bar.update(100 * done // whole - bar.pos),
            )  # fmt: skip
    except (RunError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    into.parent.mkdir(parents=True, exist_ok=True)
    part = into.with_suffix(".part")
    part.write_text(json.dumps(told, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(into)
    scams = sum(t["scam"] for p in told["people"] for t in p["truth"])
    click.echo(
        f"day {told['day']}: {told['records']:,} records, {len(told['warnings'])} warnings of "
        f"{len({w['person'] for w in told['warnings']})} persons ({told['left_out']} more beyond the budget), "
        f"{scams} scams under way, in {into}"
    )
