"""``guangyue fraud``: the fraud engine from the command line. Each command lives beside what it runs."""

from __future__ import annotations

import click

from guangyue.engines.fraud.commands import catalogue, explain, replay

__all__ = ["group"]


@click.group()
def group() -> None:
    """The fraud engine (小天眼): catalogue, replay, explain, simulate, train, backtest."""


group.add_command(catalogue.catalogue)
group.add_command(replay.replay)
group.add_command(explain.explain)
