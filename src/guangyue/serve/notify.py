"""What systemd is told (``Type=notify``, ``WatchdogSec=``): ready, alive, ending; nothing where it does not listen (sd_notify(3))."""

from __future__ import annotations

import os
import socket
from contextlib import suppress

__all__ = ["Notifier"]


class Notifier:
    """The socket that systemd names; taken out of the environment, so that no program of ours speaks in our name."""

    def __init__(self) -> None:
        named = os.environ.pop("NOTIFY_SOCKET", "")
        self._to = f"\0{named[1:]}" if named.startswith("@") else named
        self._up = False

    def tell(self, *, up: bool, ending: bool, status: str) -> None:
        """How it stands; also the sign of life that a watchdog waits for, so it is to be called again and again."""
        if not self._to:
            return
        said = ["WATCHDOG=1", f"STATUS={status}"]
        if ending:
            said.append("STOPPING=1")
        elif up and not self._up:
            self._up = True
            said.append("READY=1")
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
            line.sendto("\n".join(said).encode(), self._to)
