"""Follows the section "One server" of ``docs/operations.md`` as a new administrator would, in an empty folder.

Usage: ``python scripts/try_operations.py [WHEEL]``; without a wheel one is built. Every block of commands is run as it stands,
with the folders of the document below a temporary one. Blocks begin with ``# try: …`` where a machine of its own would be
needed: ``skip`` (users), ``units`` (systemd checks the units where it is installed, and the command of the unit is started),
``served`` (run once it answers), ``restore`` (the drill). Nothing of the caller's environment is handed on but the way to
the package index.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = re.compile(r"^(PIP_|UV_|SSL_|https?_proxy|no_proxy)", re.IGNORECASE)
PATIENCE = 180.0


def blocks(text: str) -> list[str]:
    """The commands of the document, block by block."""
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)


class Machine:
    """An empty machine, as far as a folder can be one."""

    def __init__(self, root: Path, wheel: Path) -> None:
        """Lay out the folders and what the administrator has carried there."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.root, self.work = root, root / "work"
        self.places = {
            "/opt/guangyue": root / "opt", "/var/lib/guangyue": root / "lib", "/var/backups/guangyue": root / "backups",
            "/etc/guangyue": root / "etc", "/etc/systemd/system": root / "units",
        }  # fmt: skip
        for folder in (*self.places.values(), self.work, root / "lib" / "keys", root / "home", root / "drill"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copytree(ROOT / "deploy", self.work / "deploy")
        shutil.copy(ROOT / "requirements.lock", self.work)
        shutil.copy(wheel, self.work)
        example = self.work / "deploy" / "guangyue.env.example"
        example.write_text(self.placed(example.read_text("utf-8")).replace("city.example", "127.0.0.1"), "utf-8")
        python = Path(sys.executable).resolve().parent
        self.environment = {k: v for k, v in os.environ.items() if KEPT.match(k)} | {
            "HOME": str(root / "home"), "PATH": f"{root}/opt/venv/bin:{python}:/usr/bin:/bin", "LANG": "C.UTF-8",
            "DRILL": str(root / "drill"),
        }  # fmt: skip
        self.served: subprocess.Popen[bytes] | None = None

    def placed(self, text: str) -> str:
        """The same with this machine's folders and port."""
        for said, is_ in self.places.items():
            text = text.replace(said, str(is_))
        return text.replace("127.0.0.1:8000", f"127.0.0.1:{self.port}")

    def run(self, block: str) -> None:
        """One block, in one shell that stops at the first fault; settings read in an earlier block still hold."""
        settings = self.root / "etc" / "guangyue.env"
        before = f"set -a; . {settings}; set +a\n" if settings.exists() else ""
        began = time.monotonic()
        done = subprocess.run(
            ["/bin/bash", "-euo", "pipefail", "-c", before + self.placed(block)],
            cwd=self.work, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        shown = (done.stdout + done.stderr).strip().splitlines()
        say("\n".join(f"    {line[:150]}" for line in shown[:12]))
        if done.returncode:
            raise SystemExit(f"FAILED ({done.returncode}):\n{block}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}")
        say(f"  {time.monotonic() - began:.1f} s")

    def start(self) -> None:
        """What the unit starts, and what systemd says of the units."""
        for unit in sorted((self.work / "deploy" / "systemd").iterdir()):
            placed = self.root / "units" / unit.name
            text = self.placed(unit.read_text("utf-8"))
            text = re.sub(r"^(User|Group|Documentation)=.*\n", "", text, flags=re.MULTILINE)
            placed.write_text(text, "utf-8")
        if shutil.which("systemd-analyze"):
            units = [str(p) for p in sorted((self.root / "units").glob("guangyue*.service"))]
            command = ["systemd-analyze", "verify", *units]
            checked = subprocess.run(command, capture_output=True, text=True, check=False)
            ours = [line for line in checked.stderr.splitlines() if "guangyue" in line]
            say("\n".join(f"    systemd: {line}" for line in ours) or "    systemd-analyze verify: nothing to say")
            if ours:
                raise SystemExit("FAILED: systemd does not like a unit")
        unit = (self.root / "units" / "guangyue.service").read_text("utf-8")
        command = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)[0]
        script = f"set -a; . {self.root}/etc/guangyue.env; set +a; exec {command}"
        log = (self.root / "serve.log").open("wb")
        self.served = subprocess.Popen(
            ["/bin/bash", "-c", script], cwd=self.root / "lib", env=self.environment, stdout=log, stderr=log
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.served.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.5)
        raise SystemExit("FAILED: it does not answer\n" + (self.root / "serve.log").read_text("utf-8")[-3000:])

    def stop(self) -> None:
        """End the service as systemd would."""
        if self.served is not None and self.served.poll() is None:
            self.served.send_signal(signal.SIGTERM)
            try:
                self.served.wait(90)
            except subprocess.TimeoutExpired:
                self.served.kill()
                raise SystemExit("FAILED: it did not end within 90 s") from None
            say(f"  ended with {self.served.returncode}")


def say(text: str) -> None:
    """A line for whoever looks on."""
    if text.strip():
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def built(folder: Path) -> Path:
    """A wheel of this tree."""
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "build", "--wheel", "--out-dir", str(folder), str(ROOT)], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def main() -> None:
    """Follow the document."""
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    root = Path(tempfile.mkdtemp(prefix="guangyue-try-"))
    machine = Machine(root, Path(sys.argv[1]) if len(sys.argv) > 1 else built(root))
    try:
        for block in blocks(text):
            marked = re.match(r"# try: (\w+)\n", block)
            kind = marked[1] if marked else "run"
            say(f"· {block.strip().splitlines()[1 if marked else 0][:110]} …  [{kind}]")
            if kind == "units":
                machine.start()
            elif kind != "skip":
                machine.run(block)
        machine.stop()
    finally:
        if machine.served is not None and machine.served.poll() is None:
            machine.served.kill()
        shutil.rmtree(root, ignore_errors=True)
    say("operations: as the document says")


if __name__ == "__main__":
    main()
