"""``guangyue fraud``: the fraud engine from the command line. Each command lives beside what it runs."""

from __future__ import annotations

import click

from guangyue.engines.fraud.commands import catalogue, day, explain, replay
from guangyue.engines.fraud.evaluate.command import backtest_command
from guangyue.engines.fraud.model.command import train_command
from guangyue.engines.fraud.rules.command import rules_command
from guangyue.engines.fraud.simulate.command import simulate

__all__ = ["group"]


@click.group()
def group() -> None:
    """The fraud engine (小天眼): catalogue, replay, explain, simulate, train, backtest, day."""


group.add_command(catalogue.catalogue)
group.add_command(replay.replay)
group.add_command(explain.explain)
group.add_command(day.day)
group.add_command(simulate)
group.add_command(train_command)
group.add_command(backtest_command)
group.add_command(rules_command)
