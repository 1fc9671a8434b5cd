"""``guangyue serve``: a whole installation under one supervisor — database, web workers, runners — until it is told to end."""

from __future__ import annotations

import os
import socket
import sys
from datetime import UTC, datetime

import click

__all__ = ["group"]

BACKLOG = 1024


@click.group(name="serve", invoke_without_command=True)
@click.option("--listen", default="127.0.0.1:8000", show_default=True, help="HOST:PORT, or unix:PATH.")
@click.option("--web", default=2, show_default=True, type=click.IntRange(min=1), help="Web workers.")
@click.option("--runners", default=1, show_default=True, type=click.IntRange(min=0), help="Runner processes.")
@click.option("--drain", default=25.0, show_default=True, help="Seconds that requests in hand have when it ends.")
@click.option("--migrate", is_flag=True, help="Bring the tables to this version first; make a backup before.")
@click.pass_context
def group(ctx: click.Context, listen: str, web: int, runners: int, drain: float, migrate: bool) -> None:
    """Run the installation: PostgreSQL (unless DATABASE_URL names one), web workers with the event streams, runners.

    SIGTERM ends everything in order, a second one at once; SIGHUP replaces the workers one after another.
    """
    if ctx.invoked_subcommand is not None:
        return
    from guangyue.records.postgres.private import home, served
    from guangyue.serve.lines import configure
    from guangyue.serve.programs import Plan, installation
    from guangyue.serve.state import StateFile
    from guangyue.serve.supervisor import Supervisor

    configure()
    folder = home()
    os.environ["GUANGYUE_HOME"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guangyue.web.settings")
    with served(folder) as first:
        if not first:
            raise click.ClickException(f"{folder} is served already; `guangyue serve status` shows by whom.")
        with _listening(listen) as listener:
            plan = Plan(web=web, runners=runners, drain=drain, migrate=migrate)
            with Supervisor(installation(plan), listener=listener, state=StateFile(folder, listen)) as supervisor:
                supervisor.run()
        refused = supervisor.house.refused
    if refused:
        click.echo(f"Ended: `{refused}` refused to go on; its reason stands above.", err=True)
        sys.exit(1)


@group.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON document.")
def status(as_json: bool) -> None:
    """How every program stands; the exit status is 0 when all is ready, 1 when not, 3 when nobody serves."""
    from guangyue.records.postgres.private import home
    from guangyue.serve.state import NAME, read_state

    state, now = read_state(), datetime.now(UTC)
    if state is None or state.silent(now):
        click.echo("Nobody serves this installation.", err=True)
        sys.exit(3)
    if as_json:
        click.echo((home() / NAME).read_text("utf-8"))
    else:
        word = "ending" if state.ending else "up" if state.up else "not all ready"
        click.echo(f"supervisor {state.pid}, {state.address}: {word}")
        for p in state.programs:
            last = f"  last ended: {p.last_end}" if p.last_end else ""
            seconds = (now - p.since).total_seconds()
            click.echo(f"  {p.key:<12}{p.phase:<9}{_lasting(seconds):>8}  pid {p.pid or '–':<9}starts {p.starts}{last}")
    sys.exit(0 if state.up and not state.ending else 1)


def _lasting(seconds: float) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(0.0, seconds):.0f} s"


def _listening(where: str) -> socket.socket:
    """The socket that the workers share.

    Raises:
        click.ClickException: it cannot be had; says why.
    """
    try:
        if where.startswith("unix:"):
            path = where.removeprefix("unix:")
            if os.path.exists(path):  # noqa: PTH110 - a socket, not a file
                os.unlink(path)  # noqa: PTH108 - likewise
            made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            made.bind(path)
            made.listen(BACKLOG)
        else:
            host, _, port = where.rpartition(":")
            host = host.strip("[]") or "127.0.0.1"
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            made = socket.create_server((host, int(port)), family=family, backlog=BACKLOG)
    except (OSError, ValueError) as why:
        raise click.ClickException(f"Nothing can be listened on at {where}: {why}") from None
    made.setblocking(False)  # noqa: FBT003 - its only form
    return made
