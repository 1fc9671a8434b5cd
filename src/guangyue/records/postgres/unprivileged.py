"""Runs a program as somebody other than root; ``python -I unprivileged.py PROGRAM ARGUMENTS…``.

PostgreSQL refuses to run with effective user id 0, and containers often have nobody else. In a *user namespace* of its
own the outer root is an ordinary number inside: the check passes, the files stay root's, no account is made and no
folder is opened up. This is a script of its own rather than a hook between fork and exec, which would be unsafe in a
program with threads; it uses nothing but the standard library.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000
OVERFLOW_UID = 65534


def inner_uid() -> int:
    """An existing, non-zero id: ``initdb`` looks its name up, and the kernel reserves the overflow id."""
    return next(e.pw_uid for e in pwd.getpwall() if e.pw_uid not in (0, OVERFLOW_UID))


def enter() -> None:
    """Move this process into a user namespace where it is not root.

    Raises:
        OSError: when this machine keeps user namespaces closed.
    """
    inner = inner_uid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are closed here")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{inner} 0 1")
    Path("/proc/self/gid_map").write_text(f"{inner} 0 1")


if __name__ == "__main__":
    enter()
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - replacing ourselves is the point
