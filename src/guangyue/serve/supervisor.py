"""The supervisor: starts, hears and ends what the house asks for, and knows nothing else (值守进程)."""

from __future__ import annotations

import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from random import Random
from types import FrameType
from typing import Any, Self

import structlog

from guangyue.serve.house import House
from guangyue.serve.keeping import Action, Go, Phase, Program, Said, Signal, Start
from guangyue.serve.notify import Notifier
from guangyue.serve.processes import Process
from guangyue.serve.state import StateFile

__all__ = ["Supervisor"]

log = structlog.get_logger("guangyue.serve")
LOOK = 5.0
"""Seconds between two probes of a program that is ready, and between two notes of the state."""
LOOK_AT_START = 0.1
"""Likewise while it starts."""
PROBE = 10.0
"""Seconds a probe may take."""


class Supervisor:
    """Keeps programs running. To be used from the main thread: the kernel ends children with the thread that made them.

    Args:
        programs: what is kept running.
        listener: what web workers take connections from.
        state: where the state is noted.
        seed: of the jitter.
    """

    def __init__(
        self,
        programs: Iterable[Program],
        *,
        listener: socket.socket | None = None,
        state: StateFile | None = None,
        seed: int | None = None,
    ) -> None:
        self.house = House(programs, Random(seed), time.monotonic())  # noqa: S311 - jitter, not secrets
        self._listener = listener
        self._state = state
        self._processes: dict[str, Process] = {}
        self._probes: dict[str, tuple[subprocess.Popen[bytes], float]] = {}
        self._probed: dict[str, float] = {}
        self._noted = self._told_at = 0.0
        self._told_standing = (False, False)
        self._notifier = Notifier()
        self._selector = selectors.DefaultSelector()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)  # noqa: FBT003 - its only form
        theirs.setblocking(False)  # noqa: FBT003 - likewise
        self._wake = (ours, theirs)
        self._selector.register(ours, selectors.EVENT_READ, "")
        self._asked: list[int] = []
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            self._before[number] = signal.signal(number, self._told)
        self._before_fd = signal.set_wakeup_fd(self._wake[1].fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        self._kill_all()
        signal.set_wakeup_fd(self._before_fd)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._selector.close()
        for end in self._wake:
            end.close()
        if self._state is not None:
            self._state.clear()

    def run(self) -> None:
        """Until all has ended, which somebody has to ask for by a signal."""
        while not self.house.over:
            self.step()

    def step(self, longest: float = LOOK) -> None:
        """Hear what happened, do what is due, or wait for either."""
        self._do(self.house.tick(time.monotonic()))
        due = self.house.due()
        waits = [longest, self._next_probe()]
        if due is not None:
            waits.append(due - time.monotonic())
        for key, _ in self._selector.select(max(0.0, min(waits))):
            if key.fileobj is self._wake[0]:
                with suppress(BlockingIOError):
                    self._wake[0].recv(4096)
            else:
                self._hear(key.data)
        self._obey()
        self._reap()
        self._probe()
        self._do(self.house.tick(time.monotonic()))
        self._note()

    def ready(self, name: str) -> bool:
        """Whether a program of this name is ready."""
        return any(k.ready for k in self.house.keepers.values() if k.program.name == name)

    def end(self, why: str) -> None:
        """Everything is to end in order."""
        self._do(self.house.end(time.monotonic(), why))

    def told(self) -> bool:
        """Whether somebody asked for the end."""
        return self.house.ending

    def _told(self, number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self._asked.append(number)

    def _obey(self) -> None:
        while self._asked:
            number, now = self._asked.pop(0), time.monotonic()
            name = signal.Signals(number).name
            if number == signal.SIGHUP:
                self._do(self.house.reload(now))
            elif self.house.ending:
                self._do(self.house.kill(now, f"{name} again"))
            else:
                self._do(self.house.end(now, name))

    def _do(self, actions: Iterable[Action]) -> None:
        todo = list(actions)
        while todo:
            action = todo.pop(0)
            match action:
                case Said(level, event, more):
                    getattr(log, level)(event, **more)
                case Start(key):
                    todo += self._start(key)
                case Go(key):
                    if key in self._processes:
                        self._processes[key].go()
                case Signal(key, number):
                    if key in self._processes:
                        self._processes[key].signal(number)

    def _start(self, key: str) -> list[Action]:
        keeper = self.house.keepers[key]
        try:
            made = Process(keeper.program, self._listener.fileno() if self._listener else None)
        except OSError as why:
            log.error("program.cannot_be_started", program=key, error=str(why))  # noqa: TRY400 - the sentence says it
            return self.house.ended(key, 127, time.monotonic())
        self._processes[key] = made
        if made.pipe is not None:
            self._selector.register(made.pipe, selectors.EVENT_READ, key)
        self._probed.pop(key, None)
        return self.house.started(key, made.pid, time.monotonic())

    def _hear(self, key: str) -> None:
        process = self._processes.get(key)
        if process is None or process.pipe is None:
            return
        for details in process.heard():
            self._do(self.house.beat(key, details, time.monotonic()))
        if process.deaf:
            self._selector.unregister(process.pipe)
            process.close()

    def _reap(self) -> None:
        for key, process in list(self._processes.items()):
            code = process.code()
            if code is None:
                continue
            self._hear(key)
            if process.pipe is not None:
                self._selector.unregister(process.pipe)
            process.close()
            process.signal(signal.SIGKILL)  # whatever it started and left
            del self._processes[key]
            self._do(self.house.ended(key, code, time.monotonic()))

    def _next_probe(self) -> float:
        if self._probes:
            return LOOK_AT_START
        now = time.monotonic()
        return min((self._probe_due(k) - now for k in self._to_probe()), default=LOOK)

    def _to_probe(self) -> list[str]:
        keepers = self.house.keepers
        return [k for k in self._processes if keepers[k].program.probe and keepers[k].phase is not Phase.ENDING]

    def _probe_due(self, key: str) -> float:
        pace = LOOK if self.house.keepers[key].phase is Phase.READY else LOOK_AT_START
        return self._probed.get(key, 0.0) + pace

    def _probe(self) -> None:
        now = time.monotonic()
        for key, (probe, began) in list(self._probes.items()):
            code = probe.poll()
            if code is None and now - began > PROBE:
                probe.kill()
                probe.wait()
                code = -1
            if code is None:
                continue
            del self._probes[key]
            if code == 0 and key in self._processes:
                self._do(self.house.beat(key, {}, now))
        for key in self._to_probe():
            if key not in self._probes and now >= self._probe_due(key):
                self._probed[key] = now
                self._probes[key] = (
                    subprocess.Popen(
                        self.house.keepers[key].program.probe, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                    ),
                    now,
                )  # fmt: skip

    def _note(self) -> None:
        now, house = time.monotonic(), self.house
        standing = (house.up, house.ending)
        if standing != self._told_standing or now - self._told_at >= LOOK:
            self._told_standing, self._told_at = standing, now
            ready = sum(k.ready for k in house.keepers.values())
            self._notifier.tell(up=house.up, ending=house.ending, status=f"{ready} of {len(house.keepers)} ready")
        if self._state is None:
            return
        if self._state.note(self.house, now, force=now - self._noted >= LOOK):
            self._noted = now

    def _kill_all(self) -> None:
        """Nothing stays behind, whatever went wrong here."""
        for process in self._processes.values():
            process.signal(signal.SIGKILL)
        for process in self._processes.values():
            while process.code() is None:
                time.sleep(0.01)
            process.close()
        for probe, _ in self._probes.values():
            probe.kill()
            probe.wait()
        self._processes.clear()
