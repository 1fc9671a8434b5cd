"""Compiles the kernel's hot path with mypyc into ``build/compiled/guangyue``, a whole copy of the package.

The sources stay what they are and run the same without this; put ``build/compiled`` before ``src`` on the path to use the
compiled copy. Quick when nothing has changed: the copy remembers the digest of what it was made from. Needs a C compiler.

Usage: ``python scripts/compile.py``; prints the folder. Exit code 3: there is no C compiler, everything works on as Python.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "guangyue"
TARGET = ROOT / "build" / "compiled"
HOT = {
    "kernel": (
        "act", "canonical", "clocks", "command", "context", "decide", "decision", "entries", "evolve", "forms",
        "journaling", "judge", "lapse", "matter", "procedure", "reasons", "storing", "tables", "work",
    ),
    "kernel/grammar": (
        "actions", "base", "conditions", "deadlines", "evidence", "figures", "lawful", "papers", "requirements",
        "values", "verbs", "versions", "who", "work",
    ),
    "law": ("book", "counting", "dated", "due", "span", "verdict", "zone"),
}  # fmt: skip
LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules")
NO_COMPILER = 3


def hot() -> list[str]:
    """The modules that are compiled, as paths inside the copy."""
    return [f"guangyue/{package}/{name}.py" for package, names in HOT.items() for name in names]


def digest() -> str:
    """What the copy depends on: the kernel and the law, this file, and the Python it is for."""
    found = hashlib.sha256(sys.version.encode())
    for path in (Path(__file__), *sorted(p for k in ("kernel", "law") for p in (SOURCE / k).rglob("*.py"))):
        found.update(path.read_bytes())
    return found.hexdigest()


def compiler() -> bool:
    """Whether there is a C compiler with Python's headers."""
    command = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
    return shutil.which(command) is not None and Path(sysconfig.get_path("include"), "Python.h").is_file()


def main() -> int:
    """Compiles when something changed; the rest of the package is copied anew every time."""
    if not compiler():
        sys.stderr.write("· no C compiler: the kernel runs as Python\n")
        return NO_COMPILER
    stamp, want = TARGET / ".digest", digest()
    fresh = stamp.is_file() and stamp.read_text() == want
    if not fresh:
        sys.stderr.write("· compiling the kernel (about a minute)\n")
        shutil.rmtree(TARGET, ignore_errors=True)
    shutil.copytree(SOURCE, TARGET / "guangyue", ignore=LEFT_OUT, dirs_exist_ok=True)
    if not fresh:
        setup = TARGET / "setup.py"
        setup.write_text(
            "from setuptools import setup\nfrom mypyc.build import mypycify\n"
            f"modules = mypycify(['--config-file=', '--strict', *{hot()!r}], opt_level='1')\n"
            "setup(name='guangyue', packages=[], ext_modules=modules)\n"
        )
        log = TARGET / "log.txt"
        with log.open("w") as out:
            code = subprocess.run(
                [sys.executable, "setup.py", "--quiet", "build_ext", "--inplace"],
                cwd=TARGET, stdout=out, stderr=subprocess.STDOUT, check=False, env=os.environ | {"MYPYPATH": str(TARGET)},
            ).returncode  # fmt: skip
        if code:
            sys.stderr.write(log.read_text()[-4000:])
            return code
        stamp.write_text(want)
    sys.stdout.write(f"{TARGET}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
