"""Build hook: with ``GUANGYUE_COMPILED=1`` the wheel carries the compiled kernel and fits one platform; else it fits all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent.parent
COMPILED = ROOT / "build" / "compiled"


class CompiledKernel(BuildHookInterface[Any]):
    """Puts what ``scripts/compile.py`` makes beside the sources in the wheel."""

    def dependencies(self) -> list[str]:
        """What compiling needs in the build's own environment."""
        return ["mypy>=1.19", "setuptools>=65"] if self._wanted() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface's own
        """Compiles and names the extension modules."""
        if self.target_name != "wheel" or not self._wanted():
            return
        subprocess.run([sys.executable, str(ROOT / "scripts" / "compile.py")], check=True)
        made = [*COMPILED.glob("*.so"), *(COMPILED / "guangyue").rglob("*.so")]
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["force_include"] |= {str(path): str(path.relative_to(COMPILED)) for path in made}

    def _wanted(self) -> bool:
        return os.environ.get("GUANGYUE_COMPILED") == "1"
