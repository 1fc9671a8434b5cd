"""``guangyue runner``: what goes on behind the pages — clocks fire, messages leave, seals are made."""

from __future__ import annotations

import os
import signal
from types import FrameType

import click

from guangyue.cli.db import records
from guangyue.serve.lines import configure
from guangyue.serve.pulse import PACE, Pulse

__all__ = ["group"]

NAMES = ("deadlines", "outbox", "seals", "upkeep")


@click.command(name="runner")
@click.option("--only", type=click.Choice(NAMES), multiple=True, help="Only this part; may be repeated.")
@click.option("--seal-every", default=300.0, show_default=True, help="Seconds between two seals.")
def group(only: tuple[str, ...], seal_every: float) -> None:
    """Fire deadlines, send the outbox, seal the journal, until Ctrl-C. Any number may run."""
    configure()
    with records():
        from guangyue.records.supervise import Supervisor, conninfo, parts

        known = parts(conninfo(), seal_every=seal_every)
        supervisor = Supervisor({name: known[name] for name in only or NAMES})

        def tell(_signal: int, _frame: FrameType | None) -> None:
            supervisor.stop.set()

        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, tell)
        supervisor.start()
        click.echo(f"runner {os.getpid()}: {', '.join(only or NAMES)}. Ctrl-C ends it.")
        pulse = Pulse()
        while not supervisor.stop.is_set():
            if not supervisor.hung():  # one that hangs falls silent, and whoever supervises us starts us anew
                pulse.beat(
                    failures=supervisor.failures, late={n: round(t.late(), 1) for n, t in supervisor.turns.items()}
                )
            supervisor.stop.wait(PACE)
        late = supervisor.end()
    if late:
        click.echo(f"Did not end in time: {', '.join(late)}. What they had not committed has not happened.", err=True)
        os._exit(1)
    click.echo("runner: everything has ended.")
