"""``guangyue patrol``: forecast calls, plan routes and outposts, prove both on the past, play a plan."""

from __future__ import annotations

import click

from guangyue.cli.patrol_forecast import backtest_, forecast_, headcount_
from guangyue.cli.patrol_plan import gate_, plan_
from guangyue.cli.patrol_simulate import simulate_

__all__ = ["group"]


@click.group()
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", envvar="GUANGYUE_LANG", show_default=True)
@click.pass_context
def group(ctx: click.Context, lang: str) -> None:
    """Patrol planning: forecast, backtest, headcount, plan, gate, simulate."""
    ctx.obj = lang


for command in (forecast_, backtest_, headcount_, plan_, gate_, simulate_):
    group.add_command(command)
