"""Makes the kernel end a program with its supervisor; ``python -I -S birth.py PARENT SIGNAL PROGRAM ARGUMENTS…``.

The wish (``PR_SET_PDEATHSIG``) survives the exec that follows. The parent may have died before it was uttered; then the
process has another parent by now and ends itself. A script of its own rather than a hook between fork and exec, which
would be unsafe in a program with threads; it uses nothing but the standard library.
"""

from __future__ import annotations

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
ORPHANED = 75
"""The exit status of a program whose parent was gone before it began (EX_TEMPFAIL)."""


def end_with(parent: int, number: int) -> None:
    """Ends this process when `parent`, which must be its parent, does.

    Raises:
        OSError: the kernel does not know the wish.
        SystemExit: the parent is gone already.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "the kernel will not end this program with its parent")
    if os.getppid() != parent:
        raise SystemExit(ORPHANED)


if __name__ == "__main__":
    end_with(int(sys.argv[1]), int(sys.argv[2]))
    os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606 - replacing ourselves is the point
