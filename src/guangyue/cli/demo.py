"""``guangyue demo``: the whole product on this machine, with a private PostgreSQL, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import FrameType

import click

__all__ = ["group"]

WAIT = 60
"""Seconds for the server to answer before we say what its log says."""


@click.command(name="demo")
@click.option("--port", default=8000, show_default=True, help="Another one is taken when it is in use.")
@click.option("--workers", default=2, show_default=True, help="Web workers.")
def group(port: int, workers: int) -> None:
    """Start everything, print the addresses, and stop it all cleanly at Ctrl-C."""
    began = time.monotonic()
    os.environ.setdefault("GUANGYUE_ENV", "demo")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guangyue.web.settings")
    os.environ["GUANGYUE_STATIC"] = "collected"
    from guangyue.records.postgres import home, private_cluster

    with private_cluster():
        _step("the records' tables")
        _django("db", "migrate")
        _collect(home())
        chosen = _free(port)
        _step("the web server")
        server = _serve(chosen, workers, home())
        try:
            address = f"http://127.0.0.1:{chosen}/"
            _await(server, address + "health", home() / "web.log")
            click.echo(f"\n  {address}\n\nReady after {time.monotonic() - began:.0f} s. Ctrl-C ends everything.")
            _until_told(server)
        finally:
            _end(server)
    click.echo("Everything has ended.")


def _step(what: str) -> None:
    click.echo(f"· {what}", err=True)


def _django(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", "guangyue", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(done.stderr.strip() or done.stdout.strip())


def _collect(folder: Path) -> None:
    """Gathers the static files once per version of the package and of the built front end."""
    import guangyue

    package = Path(guangyue.__file__).parent
    files = sorted((package / "web" / "static").rglob("*"))
    stamp = f"{guangyue.__version__} {max((f.stat().st_mtime for f in files), default=0)} {len(files)}"
    mark = folder / "static.stamp"
    if mark.exists() and mark.read_text() == stamp:
        return
    if not (package / "web" / "static" / "guangyue" / "base.js").exists():
        raise click.ClickException("The front end is not built: run `make setup` in a source checkout.")
    _step("the pages' files")
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--clear", "--verbosity=0"]
    subprocess.run(command, check=True)
    mark.write_text(stamp)


def _free(port: int) -> int:
    """The port, or the next one nobody uses."""
    for candidate in range(port, port + 50):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            return candidate
    raise click.ClickException(f"No free port from {port} on.")


def _serve(port: int, workers: int, folder: Path) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--workers-kill-timeout", "3", "--no-ws",
        "guangyue.web.wsgi:application",
    ]  # fmt: skip
    with (folder / "web.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)


def _await(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own address
                if answer.status == 200:  # noqa: PLR2004 - OK
                    return
        except OSError:
            time.sleep(0.1)
    tail = "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:])
    raise click.ClickException(f"The web server did not answer:\n{tail}")


def _until_told(server: subprocess.Popen[bytes]) -> None:
    told = False

    def tell(_signal: int, _frame: FrameType | None) -> None:
        nonlocal told
        told = True

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, tell)
    while not told:
        try:
            server.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            continue
        raise click.ClickException("The web server ended by itself; see web.log.")


def _end(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
