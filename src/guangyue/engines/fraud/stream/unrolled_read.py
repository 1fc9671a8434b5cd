"""The statements that read an entity's features out of its row; :mod:`.read` in numbers."""

from __future__ import annotations

from guangyue.engines.fraud.stream import layout as at

__all__ = ["read_lines"]

_NAN = "math.nan"


def read_lines(reads: list[list[int]]) -> list[str]:
    """One or a few statements for every feature of an entity, into ``out`` from ``column`` on."""
    return [line for k, read in enumerate(reads) for line in _lines(k, *read)]


def _lines(k: int, kind: int, a: int, b: int, c: int, parameter: int) -> list[str]:
    to, x, y, z = f"out[column + {k}]", *(f"rows[row + {word}]" for word in (a, b, c))
    match kind:
        case at.READ_INT:
            return [f"{to} = np.float64({x})"]
        case at.READ_MEAN:
            return [f"{to} = {y} / {x} if {x} != 0 else {_NAN}"]
        case at.READ_FRONT:
            return [f"{to} = np.float64(rows[row + {a + 2}]) if {x} != NONE else {_NAN}"]
        case at.READ_FIRST:
            return [f"{to} = (t - rows[row + {a + 1}]) / 1000.0 if {x} != NONE else {_NAN}"]
        case at.READ_RATIO:
            return [f"{to} = {x} / {y} if {y} != 0 else {_NAN}"]
        case at.READ_STD:
            return [
                f"if {x} > 1:",
                f"    {to} = deviation({x}, {y}, {z}, rows[row + {c + 1}])",
                "else:",
                f"    {to} = 0.0 if {x} else {_NAN}",
            ]
        case at.READ_SINCE:
            return [f"{to} = (t - {x}) / 1000.0 if {x} > t - {parameter} else {_NAN}"]
        case at.READ_BURST:
            return [f"{to} = {x} * ({parameter} / {c}) / {y} if {y} != 0 else {_NAN}"]
        case at.READ_SEQUENCE:
            lines = ["step = 0.0"]
            for step in range(1, b + 1):
                lines += [f"if rows[row + {a + step - 1}] > t - {parameter}:", f"    step = {float(step)}"]
            return [*lines, f"{to} = step"]
        case at.READ_TILE:
            return [f"{to} = np.float64({x}) if {_told(x)} else {_NAN}"]
        case _:
            return [f"{to} = (t - {x}) / 1000.0 if {_told(x)} else {_NAN}"]


def _told(x: str) -> str:
    return f"{x} != FAR and {x} != -FAR"
