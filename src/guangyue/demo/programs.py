"""The programs of a demonstration, kept by the same supervisor as a city's own (`guangyue.serve`)."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from guangyue.serve.keeping import Patience, Program
from guangyue.serve.programs import database, runners, web_workers

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["demonstration"]

DRAIN = 5.0
"""Seconds for requests in hand: nobody waits long for a demonstration to end."""


def demonstration(folder: Path, *, root: str, platform: int, workers: int, speed: float) -> list[Program]:
    """All of them.

    Args:
        folder: where their words go.
        root: the address of the pages.
        platform: the port of the traffic platform's stand-in.
        workers: web workers.
        speed: pace of the street; 0: nothing happens by itself.
    """
    own = not os.environ.get("DATABASE_URL")
    here = (sys.executable, "-m")
    first = Program(
        name="prepare", title="表结构、静态文件、演示城市 · tables, files, the demo city", step=True,
        needs=("postgres",) if own else (), command=(*here, "guangyue.demo.prepare"), patience=Patience(ready=3600),
    )  # fmt: skip
    return [
        *([database()] if own else []),
        first,
        *web_workers(workers, needs=("prepare",), drain=DRAIN, log=folder / "web.log"),
        Program(
            name="platform", title="交管平台替身 · the traffic platform's stand-in", log=folder / "platform.log",
            command=(*here, "guangyue.demo.standins.traffic_platform", "--port", str(platform)),
        ),
        *runners(1, needs=("prepare", "web-1"), log=folder / "runner.log"),
        Program(
            name="streets", title="街面模拟 · the street simulator", needs=("prepare", "web-1"), wanted=False,
            command=(*here, "guangyue.demo.simulators.begin", root, "--speed", str(speed)), log=folder / "streets.log",
        ),
    ]  # fmt: skip
