"""Long texts in parts (长短信): UCS-2 with a concatenation header, 3GPP TS 23.040 § 9.2.3.24.1."""

from __future__ import annotations

__all__ = ["MOST_PARTS", "ONE", "PART", "headed", "split"]

ONE = 70
"""UCS-2 units that one message holds alone: 140 bytes."""
PART = 67
"""Units beside the six bytes of header."""
MOST_PARTS = 255


def split(text: str) -> list[str]:
    """The parts of a text; one that fits is left whole, and no character beyond the basic plane is torn.

    Raises:
        ValueError: empty, or more than 255 parts.
    """
    if not text:
        raise ValueError("an empty message")
    if _units(text) <= ONE:
        return [text]
    parts: list[str] = []
    start = room = 0
    for place, character in enumerate(text):
        wide = _units(character)
        if room + wide > PART:
            parts.append(text[start:place])
            start, room = place, 0
        room += wide
    parts.append(text[start:])
    if len(parts) > MOST_PARTS:
        raise ValueError(f"{len(parts)} parts, at most {MOST_PARTS}")
    return parts


def headed(parts: list[str], reference: int) -> list[bytes]:
    """The parts as they go on the air: UTF-16 big-endian, with a header when there is more than one.

    Args:
        parts: as `split` gave them.
        reference: the same for all parts, another for the next message; modulo 256.
    """
    if len(parts) == 1:
        return [parts[0].encode("utf-16-be")]
    return [
        bytes((5, 0, 3, reference % 256, len(parts), n)) + part.encode("utf-16-be") for n, part in enumerate(parts, 1)
    ]


def _units(text: str) -> int:
    return len(text.encode("utf-16-be", "surrogatepass")) // 2
