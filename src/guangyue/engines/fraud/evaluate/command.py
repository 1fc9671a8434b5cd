"""``guangyue fraud backtest``: what rules, model and both would have been worth."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from guangyue.engines.fraud.model.train import TrainSettings

__all__ = ["backtest_command"]

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("backtest")
@click.argument("data", type=_FOLDER)
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), required=True, help="Report and pictures.")
@click.option("--rules", "rule_file", type=_FILE, help="Rule file instead of the national rules.")
@click.option("--budget", type=float, help="Alerts a day; left out: one for 1,000 residents, at least one.")
@click.option("--rounds", default=TrainSettings().rounds, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--threads", default=1, show_default=True)
def backtest_command(
    *, data: Path, into: Path, rule_file: Path | None, budget: float | None, rounds: int, seed: int, threads: int
) -> None:
    """Judge rules, model and both on months, towns and kinds of scams of DATA that they have never seen."""
    from guangyue.engines.fraud.evaluate import Split, backtest, draw, report
    from guangyue.engines.fraud.model.scam import ModelError
    from guangyue.engines.fraud.rules.command import compiled
    from guangyue.engines.fraud.simulate import Recorded, RunError

    def say(text: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{text:20}", nl=False, err=True)

    rules = compiled(rule_file)
    try:
        run = Recorded(data)
        wanted = budget or max(1.0, len(run.person) / 1_000)
        settings = TrainSettings(rounds=rounds, seed=seed, threads=threads)
        result = backtest(run, rules, Split.of(run.length), budget=wanted, settings=settings, seed=seed, progress=say)
    except (RunError, ModelError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    into.mkdir(parents=True, exist_ok=True)
    text = report(result)
    (into / "report.md").write_text(text, encoding="utf-8")
    (into / "result.json").write_text(json.dumps(result.as_json(), indent=1) + "\n", encoding="utf-8")
    pictures = draw(result, into)
    click.echo("\n" + text)
    click.echo(f"{into / 'report.md'}, result.json, {', '.join(p.name for p in pictures)}")
