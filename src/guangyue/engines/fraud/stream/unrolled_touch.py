"""Writes :mod:`.touch` for one plan: the cache lines of each stream's records as plain statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.engines.fraud.stream import layout as at
from guangyue.engines.fraud.stream.touch import LINE, OLDEST_LINES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["touch_functions"]

_RING = "ring = ring_of(s)"


def touch_functions(t: dict[str, list[list[int]]]) -> Iterator[tuple[str, list[str], str, list[tuple[int, list[str]]]]]:
    """The head of each function, its first lines, and the lines of each case of ``stream`` or ``entity``."""
    streams = range(len(t["streams"]))

    def each(lines: Callable[[int], list[str]]) -> list[tuple[int, list[str]]]:
        return [(k, lines(k)) for k in streams]

    def row(k: int) -> list[str]:
        return [f"prefetch(rows, row + {word})" for word in range(0, _words(t, k), LINE)]

    def near(k: int) -> list[str]:
        stream = t["streams"][k]
        entity, first = stream[at.S_ENTITY], stream[at.S_COLUMNS] - at.N_VALUES
        ends = _part(t, "windows", "window_at", entity)
        lines = [f"touch_node(s, rows[row + {word}])" for _, _, word in ends]
        for _, word, kind, _ in _part(t, "finals", "final_at", k):
            lines.append(f"touch_seen(s, row, {kind}, values[base + {t['columns'][first + word]}])")
        starts = _numbers(t, "pair_at")
        for pair in range(starts[k], starts[k + 1]):
            column = t["columns"][first + t["pairs"][pair][at.P_VALUE]]
            place = f"mix2((row << {at.OWNER_BITS}) | {pair}, values[base + {column}]) & s[{at.C_P_MASK}]"
            lines.append(f"prefetch(pairs, {at.E_WORDS} * ({place}))")
        return lines

    def queues(k: int) -> list[str]:
        stream = t["streams"][k]
        links = range(at.N_VALUES + stream[at.S_NCOLUMNS], stream[at.S_WORDS])
        return [f"touch_node(s, before_of(ring[(node & s[{at.C_RING_MASK}]) + {link}], node))" for link in links]

    def oldest(k: int) -> list[str]:
        lines = [f"prefetch(rows, row + {w})" for w in range(0, min(_words(t, k), OLDEST_LINES * LINE), LINE)]
        for _, word, kind, _ in _part(t, "finals", "final_at", k):
            lines.append(f"touch_seen(s, row, {kind}, ring[at + {word}])")
        return lines

    rows = "rows = rows_of(s)"
    yield "touch_row(p, s, row, stream)", [rows], "stream", each(row)
    yield "touch_near(p, s, row, stream, values, base)", [rows, "pairs = pairs_of(s)"], "stream", each(near)
    yield "touch_queues(p, s, node, stream)", [_RING], "stream", each(queues)
    yield "touch_oldest(p, s, row, at, stream)", [rows, _RING], "stream", each(oldest)


def _words(t: dict[str, list[list[int]]], k: int) -> int:
    return _numbers(t, "row_words")[t["streams"][k][at.S_ENTITY]]


def _numbers(t: dict[str, list[list[int]]], name: str) -> list[int]:
    found: list[int] = t[name]  # type: ignore[assignment]  # a table of one column is a list
    return found


def _part(t: dict[str, list[list[int]]], table: str, starts: str, k: int) -> list[list[int]]:
    first, last = _numbers(t, starts)[k : k + 2]
    return t[table][first:last]
