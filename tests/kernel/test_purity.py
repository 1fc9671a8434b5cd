"""The kernel is pure: it loads the standard library and the law, asks no clock, and opens nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import guangyue.kernel

KERNEL = Path(guangyue.kernel.__file__).parent
FORBIDDEN = {"socket", "subprocess", "threading", "asyncio", "logging", "sqlite3", "urllib", "http", "random", "time"}


def test_a_fresh_interpreter_loads_nothing_but_the_standard_library_and_the_law():
    code = (
        "import sys; before = set(sys.modules); import guangyue.kernel, guangyue.kernel.grammar, guangyue.kernel.printing,"
        " guangyue.kernel.matrix; print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    ours = {m for m in loaded if m.partition(".")[0] == "guangyue"}
    assert ours
    assert all(m == "guangyue" or m.startswith(("guangyue.kernel", "guangyue.law")) for m in ours), ours
    tops = {m.partition(".")[0] for m in loaded - ours if not m.endswith("__mypyc")}  # the compiled kernel's own
    assert tops <= set(sys.stdlib_module_names), tops - set(sys.stdlib_module_names)
    assert not tops & FORBIDDEN, tops & FORBIDDEN


def test_no_clock_no_input_no_output():
    """Nowhere is the time of day asked, a file opened or anything printed."""
    found = []
    for path in sorted(KERNEL.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called in {"open", "print", "input"} or called.endswith(
                    (".now", ".utcnow", ".today", ".open", ".read_text")
                ):
                    found.append(f"{path.name}:{node.lineno}: {called}")
    assert not found, found


def test_files_stay_readable():
    long = {p.name: n for p in KERNEL.rglob("*.py") if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400}
    assert not long, long
