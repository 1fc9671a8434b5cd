"""Peers live in their own environments, built once under ``build/peers/<name>`` from ``bench/peers/<name>.lock``."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent


class PeerMissingError(RuntimeError):
    """A peer's environment could not be made on this machine."""


def python(name: str) -> Path:
    """The interpreter of a peer's environment, made at first use.

    Raises:
        PeerMissingError: when its packages cannot be installed here.
    """
    lock = HERE / "peers" / f"{name}.lock"
    home = ROOT / "build" / "peers" / name
    interpreter = home / "bin" / "python"
    stamp = home / "installed.lock"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return interpreter
    print(f"  installing the peer {name} …", file=sys.stderr, flush=True)
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    done = subprocess.run(
        [str(interpreter), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)], check=False
    )
    if done.returncode:
        raise PeerMissingError(f"the packages of {lock.name} could not be installed")
    stamp.write_bytes(lock.read_bytes())
    return interpreter
