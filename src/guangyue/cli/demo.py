"""``guangyue demo``: the whole product on this machine, with a private PostgreSQL, until Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from guangyue.demo.children import Child, Children

__all__ = ["group"]

WAIT = 60
"""Seconds for the server to answer before we say what its log says."""


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


class EndAskedError(Exception):
    """Somebody wants us to end before all is up."""


def _run(port: int, workers: int, speed: float) -> None:
    began = time.monotonic()
    from guangyue.demo.children import Children, EndedError
    from guangyue.demo.prepare import NotReadyError
    from guangyue.records.postgres import ClusterError, home

    children = Children()
    with _told() as told:
        try:
            with _alone(home()) as mark:
                _live(children, told, mark, (port, workers, speed), began)
        except EndAskedError:
            pass
        except (NotReadyError, EndedError, ClusterError) as why:
            if not told:
                raise click.ClickException(str(why)) from None
    click.echo("Everything has ended.")


def _live(children: Children, told: list[int], mark: IO[str], asked: tuple[int, int, float], began: float) -> None:
    """From the database to the last program's end."""
    from guangyue.demo.prepare import FACES, prepare, ready
    from guangyue.records.postgres import home, private_cluster

    port, workers, speed = asked
    with private_cluster():
        try:
            _unless(told)
            if not ready(home()):
                prepare(home(), lambda what: click.echo(f"· {what}", err=True))
            _unless(told)
            root = f"http://127.0.0.1:{_free(port)}/"
            platform = _platform()
            server = _serve(children, root, workers, home())
            _await(children, server, root + "health", told)
            _behind_the_pages(children, platform, home())
            mark.write(root)
            mark.flush()
            _greet([(root + path, zh, en) for path, zh, en in FACES], root, time.monotonic() - began)
            if speed > 0:
                _play(children, root, speed, home())
            while not told:
                children.check()
                time.sleep(0.3)
        finally:
            children.end()


def _unless(told: list[int]) -> None:
    if told:
        raise EndAskedError


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


def _platform() -> str:
    """Where the traffic platform's stand-in will be; every program learns it from the environment."""
    address = f"http://127.0.0.1:{_free(8750)}/"
    os.environ["GUANGYUE_TRAFFIC_PLATFORM"] = address
    return address


def _serve(children: Children, root: str, workers: int, folder: Path) -> Child:
    """The web server, first of all: it is what somebody waits for."""
    from guangyue.demo.children import Child

    click.echo("· the servers", err=True)
    port = root.rsplit(":", 1)[1].strip("/")
    server = [
        sys.executable, "-m", "granian", "--interface", "asginl", "--host", "127.0.0.1", "--port", port,
        "--workers", str(workers), "--workers-kill-timeout", "3", "--no-ws", "guangyue.web.asgi:application",
    ]  # fmt: skip
    return children.start(Child("the web server", server, folder / "web.log"))


def _behind_the_pages(children: Children, platform: str, folder: Path) -> None:
    from guangyue.demo.children import Child

    port = platform.rsplit(":", 1)[1].strip("/")
    stand_in = [sys.executable, "-m", "guangyue.demo.standins.traffic_platform", "--port", port]
    children.start(Child("the traffic platform's stand-in", stand_in, folder / "platform.log", needed=False))
    children.start(Child("the runner", [sys.executable, "-m", "guangyue", "runner"], folder / "runner.log"))


def _play(children: Children, root: str, speed: float, folder: Path) -> None:
    """Life in the street, once the server answers."""
    import django

    django.setup()
    from guangyue.demo.children import Child
    from guangyue.demo.prepare import tokens
    from guangyue.demo.simulators.streets import OFFICERS, REVIEWERS

    command = [sys.executable, "-m", "guangyue.demo.simulators.streets", root, "--speed", str(speed)]
    held = {"GUANGYUE_DEMO_TOKENS": json.dumps(tokens((*OFFICERS, *REVIEWERS)))}
    children.start(Child("the street simulator", command, folder / "streets.log", needed=False, environment=held))


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


def _await(children: Children, server: Child, address: str, told: list[int]) -> None:
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        _unless(told)
        children.check()
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own address
                if answer.status == 200:  # noqa: PLR2004 - OK
                    return
        except OSError:
            time.sleep(0.1)
    raise click.ClickException(f"The web server did not answer:\n{server.tail()}")


@contextmanager
def _told() -> Iterator[list[int]]:
    """Holds a signal once somebody asked us to end: Ctrl-C, or a supervisor's SIGTERM."""
    said: list[int] = []

    def tell(number: int, _frame: FrameType | None) -> None:
        said.append(number)

    before = {name: signal.signal(name, tell) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield said
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
