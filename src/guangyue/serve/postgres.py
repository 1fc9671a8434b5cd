"""The private PostgreSQL as a supervised program: ``python -m guangyue.serve.postgres`` becomes the server.

When the supervisor dies, the kernel sends the server the signal for an immediate shutdown: its processes end at once, what
was committed is in its log, and the next start recovers it.
"""

from __future__ import annotations

import os
import signal

from guangyue.records.postgres.private import cluster
from guangyue.serve.birth import end_with
from guangyue.serve.processes import born

__all__ = ["ORPHANED", "main"]

ORPHANED = signal.SIGQUIT


def main() -> None:
    """Become the server."""
    parent = os.getppid()
    # Becoming another user takes the kernel's promise back, so it is asked for once more behind it.
    cluster().foreground(lambda server: born(server, parent, ORPHANED), lambda: end_with(parent, ORPHANED))


if __name__ == "__main__":
    main()
