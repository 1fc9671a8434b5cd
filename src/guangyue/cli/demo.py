"""``guangyue demo``: the whole product on this machine, with a private PostgreSQL, until Ctrl-C."""

from __future__ import annotations

import os
import socket
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guangyue.serve.supervisor import Supervisor

__all__ = ["group"]


def _environment() -> None:
    os.environ.setdefault("GUANGYUE_ENV", "demo")
    os.environ["DJANGO_SETTINGS_MODULE"] = "guangyue.demo.settings"
    os.environ["GUANGYUE_STATIC"] = "collected"


@click.group(name="demo", invoke_without_command=True)
@click.option("--port", default=8000, show_default=True, help="Another one is taken when it is in use.")
@click.option("--workers", default=2, show_default=True, help="Web workers.")
@click.option(
    "--speed", default=1.0, show_default=True, help="Pace of the simulated street; 0: nothing happens by itself."
)
@click.pass_context
def group(ctx: click.Context, port: int, workers: int, speed: float) -> None:
    """The whole product with the invented city: start it, print the addresses, end it cleanly at Ctrl-C."""
    _environment()
    if ctx.invoked_subcommand is None:
        _run(port, workers, speed)


@group.command()
def code() -> None:
    """The one-time code of the demo logins, now."""
    from guangyue.cli.db import records

    with records():
        from guangyue.demo.city.load import code_now

        click.echo(code_now())


@group.command()
def load() -> None:
    """The invented city into the database, without starting anything."""
    from guangyue.cli.db import records

    with records():
        from guangyue.demo.city.load import load as bring

        done = bring()
        word = "Loaded" if done.fresh else "Already there"
        click.echo(f"{word}: {done.staff} staff, {done.vehicles} cars and their owners.")


@group.command(name="map")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--picture", is_flag=True, help="Pictures of the city proper and of the whole as well.")
def map_(folder: Path, picture: bool) -> None:
    """The vector layers of the invented city as GeoJSON."""
    from guangyue.demo.city import demo_city
    from guangyue.demo.city.layers import write_layers

    city = demo_city()
    for path in write_layers(city, folder):
        click.echo(path)
    if picture:
        from guangyue.demo.city.picture import draw_city

        for name, metres in (("core.png", 14_000), ("city.png", 120_000)):
            draw_city(city, metres=metres).save(folder / name)
            click.echo(folder / name)


STUBBORN = 3
"""Failures in a row of one program after which a start is given up."""


def _run(port: int, workers: int, speed: float) -> None:
    began = time.monotonic()
    from guangyue.records.postgres import home
    from guangyue.records.postgres.private import served

    folder = home()
    os.environ["GUANGYUE_HOME"] = str(folder)
    with _alone(folder) as mark, served(folder) as first:
        if not first:
            raise click.ClickException(f"`guangyue serve` runs in {folder}; another folder can hold the demonstration.")
        _live(folder, mark, (port, workers, speed), began)
    click.echo("Everything has ended.")


def _live(folder: Path, mark: IO[str], asked: tuple[int, int, float], began: float) -> None:
    """From the database to the last program's end."""
    from guangyue.demo.prepare import FACES
    from guangyue.demo.programs import demonstration
    from guangyue.serve.lines import configure
    from guangyue.serve.state import StateFile
    from guangyue.serve.supervisor import Supervisor

    wanted, workers, speed = asked
    listener, platform = _listen(wanted), _free(8750)
    root = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    os.environ["GUANGYUE_TRAFFIC_PLATFORM"] = f"http://127.0.0.1:{platform}/"  # every program learns it from here
    programs = demonstration(folder, root=root, platform=platform, workers=workers, speed=speed)
    greeted, failed = False, ""
    with (
        listener,
        (folder / "supervisor.log").open("a", encoding="utf-8") as said,
        Supervisor(programs, listener=listener, state=StateFile(folder, root)) as supervisor,
    ):
        configure(said)
        while not supervisor.house.over:
            supervisor.step(0.5)
            if greeted or supervisor.told():
                continue
            failed = _stubborn(supervisor, folder)
            if failed:
                supervisor.end(failed)
            elif supervisor.ready("web-1") and supervisor.ready("platform"):
                mark.write(root)
                mark.flush()
                _greet([(root + path, zh, en) for path, zh, en in FACES], root, time.monotonic() - began)
                greeted = True
    if failed or supervisor.house.refused:
        raise click.ClickException(failed or "It could not be made ready; the reason stands above.")


def _stubborn(supervisor: Supervisor, folder: Path) -> str:
    """What to say of a program that does not come up; empty while there is hope."""
    for keeper in supervisor.house.keepers.values():
        if keeper.failures >= STUBBORN:
            log = keeper.program.log or folder / "postgres" / "server.log"
            tail = log.read_text("utf-8", "replace").splitlines()[-15:] if log.exists() else []
            return "\n".join((f"{keeper.key} does not come up ({keeper.last_end}):", *tail))
    return ""


@contextmanager
def _alone(folder: Path) -> Iterator[IO[str]]:
    """One demonstration a folder: a second one is told where the first one is."""
    import fcntl

    try:
        folder.mkdir(parents=True, exist_ok=True)
        mark = (folder / "demo.lock").open("a+", encoding="utf-8")
    except OSError as why:
        said = f"{folder} cannot be used ({why.strerror}). Name another folder: GUANGYUE_HOME=… guangyue demo"
        raise click.ClickException(said) from None
    with mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            mark.seek(0)
            where = mark.read().strip() or "and is just starting"
            said = f"It is already running in this folder: {where}\nAnother folder can hold another one: GUANGYUE_HOME=… guangyue demo"
            raise click.ClickException(said) from None
        mark.truncate(0)
        yield mark
        mark.truncate(0)


def _greet(faces: list[tuple[str, str, str]], root: str, seconds: float) -> None:
    from guangyue.demo.city.staff import DOORS, PASSWORD

    click.echo()
    for address, zh, en in faces:
        click.echo(f"  {address:<34}{zh} · {en}")
    click.echo(f"  {root + 'demo/':<34}演示账号与验证码 · logins and their one-time code")
    click.echo(f"  {root + 'demo/phones':<34}车主的手机 · what arrives on the owners' phones\n")
    for login, zh, en in DOORS:
        click.echo(f"  {login:<12}{zh} · {en}")
    click.echo(f"\n  口令 · password {PASSWORD}\n  验证码 · one-time code: {root}demo/ or `guangyue demo code`")
    click.echo(f"\nReady after {seconds:.0f} s. Ctrl-C ends everything.")


def _listen(port: int) -> socket.socket:
    """What the pages are served on: the port, or the next one nobody uses."""
    made = socket.create_server(("127.0.0.1", _free(port)), backlog=1024)
    made.setblocking(False)  # noqa: FBT003 - its only form
    return made


def _free(port: int) -> int:
    """The port, or the next one nobody uses."""
    for candidate in range(port, port + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            return candidate
    raise click.ClickException(f"No free port from {port} on.")
