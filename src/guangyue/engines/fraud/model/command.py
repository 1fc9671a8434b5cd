"""``guangyue fraud train``: a model from records and the truth about reported cases."""

from __future__ import annotations

from pathlib import Path

import click

from guangyue.engines.fraud.model.card import card
from guangyue.engines.fraud.model.scam import ModelError
from guangyue.engines.fraud.model.train import TrainSettings

__all__ = ["train_command"]

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("train")
@click.argument("data", type=_FOLDER)
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder of models.")
@click.option("--rules", "rule_file", type=_FILE, help="Rule file instead of the national rules.")
@click.option("--from-day", default=10, show_default=True, help="First day to learn from; before it windows fill up.")
@click.option("--to-day", type=int, help="Day after the last; left out: all.")
@click.option("--rounds", default=TrainSettings().rounds, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--threads", default=1, show_default=True)
def train_command(
    *,
    data: Path,
    into: Path,
    rule_file: Path | None,
    from_day: int,
    to_day: int | None,
    rounds: int,
    seed: int,
    threads: int,
) -> None:
    """Train a model on DATA (a folder of `simulate`, or a city's own records with truth.parquet).

    Writes <version>.npz and <version>.md (the model card); a version is never overwritten by another.
    """
    from guangyue.engines.fraud.evaluate.learn import learn
    from guangyue.engines.fraud.rules.command import compiled
    from guangyue.engines.fraud.simulate import Recorded, RunError

    rules = compiled(rule_file)
    try:
        run = Recorded(data)
        settings = TrainSettings(rounds=rounds, seed=seed, threads=threads)
        last = min(to_day or run.length, run.length)
        with click.progressbar(length=last, label="read") as bar:
            model = learn(run, rules, settings, from_day, last, lambda done: bar.update(done - bar.pos))
    except (RunError, ModelError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    into.mkdir(parents=True, exist_ok=True)
    model.save(into / f"{model.version}.npz")
    (into / f"{model.version}.md").write_text(card(model), encoding="utf-8")
    about = model.about
    click.echo(
        f"model {model.version}: {about['rows']:,} rows, {about['fraud_groups']} people in scams, {about['trees']} trees"
    )
    click.echo(f"{into / model.version}.npz and its card {model.version}.md")
