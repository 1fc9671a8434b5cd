"""Drawing: values in, PDF out. Values reach Typst as JSON, never as markup, so a name cannot become a command."""

from __future__ import annotations

import io
import json
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import typst

__all__ = ["FONTS", "Drawing", "draw", "picture", "qr_svg"]

PACKAGE = Path(__file__).resolve().parents[2]
FONTS = Path(__file__).parent / "fonts"
"""Where the build puts its subset of Noto Serif SC; without it the machine's own fonts serve."""
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn paper."""

    pdf: bytes
    name: str


@lru_cache(maxsize=32)
def _compiler(template: Path) -> typst.Compiler:
    import typst

    shipped = any(FONTS.glob("*.ttf"))
    fonts = typst.Fonts(include_system_fonts=not shipped, font_paths=[str(FONTS)] if shipped else [])
    return typst.Compiler(str(template), root=str(PACKAGE), font_paths=fonts)


def _compile(template: Path, values: Mapping[str, Any], **options: Any) -> bytes:  # noqa: ANN401 - typst's own
    inputs = {"data": json.dumps(dict(values), ensure_ascii=False, sort_keys=True)}
    with _lock:  # one compiler keeps one world of sources and fonts
        made = _compiler(template).compile(sys_inputs=inputs, **options)
    if not isinstance(made, bytes):  # a picture of each page
        return made[0] if made else b""
    return made


def draw(template: Path, values: Mapping[str, Any]) -> bytes:
    """A paper as PDF/A-2b.

    Args:
        template: a Typst file of this package.
        values: what stands in it: text, numbers, lists; ``qr`` as `qr_svg` gives it.
    """
    return _compile(template, values, format="pdf", pdf_standards=["a-2b"])


def picture(template: Path, values: Mapping[str, Any], *, ppi: float = 72) -> bytes:
    """The first page as PNG; for previews and for tests that look."""
    return _compile(template, values, format="png", ppi=ppi)


def qr_svg(text: str) -> str:
    """A QR code, medium error correction: readable with a drop of rain on it."""
    import segno

    held = io.BytesIO()
    segno.make(text, error="m", micro=False).save(held, kind="svg", border=1, xmldecl=False)
    return held.getvalue().decode()
