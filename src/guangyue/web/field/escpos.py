"""ESC/POS for the printer at an officer's belt: Chinese text, a QR code, the cut; bytes and nothing else.

The commands are those that every portable 58 and 80 mm printer sold in China knows: GB18030 text in Chinese mode, QR by
function 165–181 of ``GS ( k``. No control character of a text reaches the printer, so a street's name cannot become a
command. python-escpos was looked at: it chooses among single-byte code pages and has no GB18030 mode.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Literal

__all__ = ["NARROW", "WIDE", "Roll", "width", "wrap"]

NARROW, WIDE = 32, 48
"""Columns of a 58 mm and of an 80 mm roll in the printer's usual letter."""
ESC, GS, FS = b"\x1b", b"\x1d", b"\x1c"
RESET, CHINESE = ESC + b"@", FS + b"&"
CUT = GS + b"V\x42\x00"
"""Feed to the knife and leave a corner."""
MOST_QR = 700
CLOSING = "，。、；：！？）》」』”’,.;:!?)"
"""Never the first of a line."""
Align = Literal["left", "centre", "right"]
_ALIGN: dict[str, bytes] = {"left": b"\x00", "centre": b"\x01", "right": b"\x02"}


def width(text: str) -> int:
    """Columns a text takes: two for a Chinese character, one for a letter."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def plain(text: str) -> str:
    """The text without anything that is no sign: control characters, directions, half surrogates."""
    return "".join(" " if c in "\t\n\r" else c for c in text if c in "\t\n\r" or unicodedata.category(c)[0] != "C")


def wrap(text: str, columns: int) -> Iterator[str]:
    """Lines of so many columns; words of letters and digits stay whole where they fit, closing marks stay behind."""
    line, used = "", 0
    for piece in _pieces(plain(text), columns):
        wide = width(piece)
        if used + wide > columns and line and piece not in CLOSING:
            yield line.rstrip()
            line, used = "", 0
            piece = piece.lstrip()  # noqa: PLW2901 - a line begins with a sign
            wide = width(piece)
        line, used = line + piece, used + wide
    if line.strip():
        yield line.rstrip()


def _pieces(text: str, columns: int) -> Iterator[str]:
    word = ""
    for c in text:
        if c.isascii() and not c.isspace() and width(word) < columns:
            word += c
            continue
        if word:
            yield word
        word = c if c.isascii() and not c.isspace() else ""
        if not word:
            yield c
    if word:
        yield word


class Roll:
    """A strip of paper in the making.

    Args:
        columns: of the roll.
    """

    def __init__(self, columns: int = WIDE) -> None:
        self._columns = columns
        self._said = bytearray(RESET + CHINESE)

    def text(self, text: str, *, align: Align = "left", bold: bool = False, size: int = 1) -> Roll:
        """A paragraph, ``size`` times as large both ways (1–3)."""
        self._said += ESC + b"a" + _ALIGN[align]
        self._said += ESC + b"E" + bytes([bold])
        grown = (size - 1) << 4 | (size - 1)
        # The Chinese letters have a size of their own (FS !): twice as wide and high, or as they are.
        self._said += GS + b"!" + bytes([grown]) + FS + b"!" + bytes([0x0C if size > 1 else 0])
        for line in wrap(text, self._columns // size):
            self._said += line.encode("gb18030", "replace") + b"\n"
        return self

    def row(self, label: str, value: str) -> Roll:
        """A label and what stands beside it; what does not fit goes on below, indented."""
        label = f"{plain(label)}："
        room = self._columns - width(label)
        lines = list(wrap(value, room if room >= self._columns // 3 else self._columns))
        if room < self._columns // 3 or not lines:
            return self.text(label).text(value)
        self.text(label + lines[0])
        for line in lines[1:]:
            self.text_as_is(" " * width(label) + line)
        return self

    def text_as_is(self, line: str) -> Roll:
        """A line that was wrapped before, with its blanks."""
        self._said += plain(line).encode("gb18030", "replace") + b"\n"
        return self

    def rule(self) -> Roll:
        """A line across."""
        return self.text("-" * self._columns)

    def qr(self, text: str, *, dots: int = 6) -> Roll:
        """A QR code (model 2, error correction M), ``dots`` a module.

        Raises:
            ValueError: longer than a printer's memory is sure to hold.
        """
        data = text.encode()
        if not 0 < len(data) <= MOST_QR:
            raise ValueError(f"a code of {len(data)} bytes")
        self._said += ESC + b"a" + _ALIGN["centre"]
        for function in (b"1A2\x00", b"1C" + bytes([dots]), b"1E1", b"1P0" + data, b"1Q0"):
            self._said += GS + b"(k" + len(function).to_bytes(2, "little") + function
        self._said += b"\n" + ESC + b"a" + _ALIGN["left"]
        return self

    def feed(self, lines: int = 1) -> Roll:
        """Empty lines."""
        self._said += ESC + b"d" + bytes([lines])
        return self

    def cut(self) -> bytes:
        """The whole strip, ready to send."""
        return bytes(self._said + CUT)
