"""Build hook: a wheel brings everything built, or is not made.

With ``GUANGYUE_COMPILED=1`` it carries the compiled kernel and fits one platform; else it fits all.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "guangyue"
BUILT = {
    "web/static/guangyue/base.js": "the pages' scripts and styles",
    "web/locale/*/LC_MESSAGES/*.mo": "the translations",
    "records/papers/fonts/*.ttf": "the papers' fonts",
}
"""What git does not hold and a wheel must."""
COMPILED = ROOT / "build" / "compiled"


class CompiledKernel(BuildHookInterface[Any]):
    """Puts what ``scripts/compile.py`` makes beside the sources in the wheel."""

    def dependencies(self) -> list[str]:
        """What compiling needs in the build's own environment."""
        return ["mypy>=1.19", "setuptools>=65"] if self._wanted() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles and names the extension modules."""
        if self.target_name != "wheel" or version == "editable":
            return
        missing = [what for pattern, what in BUILT.items() if not any(PACKAGE.glob(pattern))]
        if missing:
            said = f"Not built yet: {', '.join(missing)}. Run scripts/setup.sh run, then build the wheel again."
            raise RuntimeError(said)
        if not self._wanted():
            return
        subprocess.run([sys.executable, str(ROOT / "scripts" / "compile.py")], check=True)
        made = [*COMPILED.glob("*.so"), *(COMPILED / "guangyue").rglob("*.so")]
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["force_include"] |= {str(path): str(path.relative_to(COMPILED)) for path in made}

    def _wanted(self) -> bool:
        return os.environ.get("GUANGYUE_COMPILED") == "1"
