"""Writes the plan's program as plain statements: what :mod:`.program` does with tables, in numbers.

Conditions become masks instead of branches where the operation is a sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.engines.fraud.stream import layout as at
from guangyue.engines.fraud.stream.unrolled_read import read_lines
from guangyue.engines.fraud.stream.unrolled_touch import touch_functions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from guangyue.engines.fraud.stream.plan import Plan

__all__ = ["program"]

_HEAD = '''"""Written for one plan by guangyue.engines.fraud.stream.unrolled; do not edit."""
import math
import numpy as np
from guangyue.engines.fraud.stream.fields import before_of, next_of, next_time
from guangyue.engines.fraud.stream.jit import inlined, outlined
from guangyue.engines.fraud.stream.maps import mix2
from guangyue.engines.fraud.stream.pools import pairs_of, prefetch, ring_of, rows_of, tiles_of
from guangyue.engines.fraud.stream.read import deviation
from guangyue.engines.fraud.stream.tiles import remember, retire, tile_now
from guangyue.engines.fraud.stream.touch import touch_node, touch_seen
from guangyue.engines.fraud.stream.windows import (
    distinct_in, distinct_out, extreme_in, extreme_out, first_in, first_out, forget_value, square_into,
)
NONE, FAR = -1, 1 << 62
'''
_COMPARE = ("==", "!=", "<", "<=", ">", ">=")
_IN, _NEW = 6, 7


class _Text:
    """Lines of Python."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, indent: int, line: str) -> None:
        self.lines.append("    " * indent + line)

    def function(self, head: str, *, outlined: bool = False) -> None:
        self(0, "@outlined" if outlined else "@inlined")
        self(0, f"def {head}:")

    def cases(self, indent: int, name: str, cases: Iterable[tuple[int, list[str]]]) -> None:
        """``if name == …`` with the lines of each case; nothing where no case has lines."""
        word = "if"
        for value, lines in cases:
            if lines:
                self(indent, f"{word} {name} == {value}:")
                for line in lines:
                    self(indent + 1, line)
                word = "elif"


class _Writer:
    def __init__(self, plan: Plan) -> None:
        self.t = {name: table.tolist() for name, table in plan.tables.items()}
        self.text = _Text()
        self.streams = range(len(self.t["streams"]))
        self.entities = range(at.N_ENTITIES)
        self.n_windows, self.n_groups = len(self.t["windows"]), len(self.t["groups"])

    def windows(self, entity: int) -> range:
        return range(self.t["window_at"][entity], self.t["window_at"][entity + 1])

    def delayed(self, j: int) -> bool:
        return bool(self.t["windows"][j][1])

    def part(self, table: str, starts: str, k: int) -> list[list[int]]:
        rows: list[list[int]] = self.t[table][self.t[starts][k] : self.t[starts][k + 1]]
        return rows

    def write(self) -> str:
        self._fill()
        self._windows()
        self._per_stream()
        self._tiles()
        self._reads()
        self._touch()
        return _HEAD + "\n".join(self.text.lines) + "\n"

    # ---- a record becomes a node --------------------------------------------------------------------------------------
    def _fill(self) -> None:
        self.text.function("fill(p, ring, at, stream, values, base)", outlined=True)
        self.text(1, "mask = np.int64(1)")
        self.text.cases(1, "stream", ((k, self._fill_lines(k)) for k in self.streams))
        self.text(1, "return mask")

    def _fill_lines(self, k: int) -> list[str]:
        stream = self.t["streams"][k]
        first, lines = stream[at.S_CONDITIONS], []
        for c in range(1, stream[at.S_NCONDITIONS]):
            terms = self.t["terms"][self.t["conditions"][first + c] : self.t["conditions"][first + c + 1]]
            tests = [_test(*term[:3]) for term in terms if term[1] != _NEW]
            held = f"np.int64({' & '.join(tests)})" if tests else "np.int64(1)"
            lines.append(f"mask |= {held} << {c}")
        columns = self.t["columns"][stream[at.S_COLUMNS] : stream[at.S_COLUMNS] + stream[at.S_NCOLUMNS]]
        return lines + [f"ring[at + {at.N_VALUES + k}] = values[base + {column}]" for k, column in enumerate(columns)]

    # ---- exact windows ------------------------------------------------------------------------------------------------
    def _windows(self) -> None:
        for entity in self.entities:
            now = [k for k in self.streams if self.t["streams"][k][at.S_ENTITY] == entity]
            for j in self.windows(entity):
                self._leave(j, now)
                if self.delayed(j):
                    self._enter(f"_enter_{j}", [(k, [j]) for k in now])
                    self._slide_delayed(j)
                else:
                    self._slide_one(j)
            plain = [j for j in self.windows(entity) if not self.delayed(j)]
            self._enter(f"_enter_now_{entity}", [(k, plain) for k in now])
        self.text.function("leave(p, s, row, node, stream, j, inside)", outlined=True)
        self.text(1, "pass")  # a catalogue may have no exact windows
        self.text.cases(1, "j", ((j, [f"_leave_{j}(s, row, node, stream, inside)"]) for j in range(self.n_windows)))
        self._by_entity(
            "enter_now(p, s, row, node, stream, entity, t)", lambda e: [f"_enter_now_{e}(s, row, node, stream, t)"]
        )
        self._by_entity("slide(p, s, row, entity, t)", self._slide_lines, "rows = rows_of(s)")
        self._by_entity("open_windows(p, s, row, entity, node, t)", self._open_lines, "rows = rows_of(s)")

    def _by_entity(self, head: str, lines: Callable[[int], list[str]], *before: str) -> None:
        self.text.function(head)
        for line in (*before, "pass"):
            self.text(1, line)
        self.text.cases(1, "entity", ((e, lines(e)) for e in self.entities))

    def _node(self) -> None:
        for line in ("rows = rows_of(s)", "ring = ring_of(s)", f"at = node & s[{at.C_RING_MASK}]",
                     f"final = ring[at + {at.N_META}] >> {at.META_FINAL}"):  # fmt: skip
            self.text(1, line)

    def _leave(self, j: int, streams: list[int]) -> None:
        self.text.function(f"_leave_{j}(s, row, node, stream, inside)")
        self._node()
        cases = []
        for k in streams:
            drops = self.part("drops", "drop_at", k * self.n_windows + j)
            cases.append((k, [line for op in drops for line in _drop(op)]))
        self.text.cases(1, "stream", cases)

    def _enter(self, name: str, streams: list[tuple[int, list[int]]]) -> None:
        self.text.function(f"{name}(s, row, node, stream, t)")
        self._node()
        cases = []
        for k, windows in streams:
            adds = [op for j in windows for op in self.part("adds", "add_at", k * self.n_windows + j)]
            cases.append((k, [line for op in adds for line in self._add(op)]))
        self.text.cases(1, "stream", cases)

    def _add(self, op: list[int]) -> list[str]:
        kind, condition, value, row, a, b, c, skip = op
        if kind == at.OP_DISTINCT:
            lines = [f"before = distinct_in(s, row, node, {value}, {skip}, {a >> 8}, {a & 0xFF})"]
            lines += [f"rows[row + {acc}] += np.int64(before <= t - {span})" for span, acc in self.t["spans"][b:c]]
        elif kind in {at.OP_MAX, at.OP_MIN}:
            lines = [f"extreme_in(s, row, node, {row}, {value}, {a}, {1 if kind == at.OP_MAX else -1})"]
        elif kind == at.OP_FIRST:
            lines = [f"first_in(s, row, node, {row})"]
        else:
            return _sum(op, "+")
        return _when(condition, lines)

    def _slide_one(self, j: int) -> None:
        _, _, word = self.t["windows"][j]
        self.text.function(f"_out_{j}(s, row, until, inside)", outlined=True)
        for line in (
            "rows = rows_of(s)", "ring = ring_of(s)", f"mask = s[{at.C_RING_MASK}]",
            f"time = rows[row + {word + at.W_OUT_TIME}]", f"node = rows[row + {word + at.W_OUT}]",
            "while time <= until:",
            "    at = node & mask",
            f"    _leave_{j}(s, row, node, ring[at + {at.N_META}] & {at.MASK_STREAM}, inside)",
            "    node = next_of(ring, at, node)",
            "    time = next_time(ring, at, time)",
            f"rows[row + {word + at.W_OUT_TIME}] = time", f"rows[row + {word + at.W_OUT}] = node",
        ):  # fmt: skip
            self.text(1, line)

    def _slide_delayed(self, j: int) -> None:
        length, delay, word = self.t["windows"][j]
        self._slide_one(j)
        self.text.function(f"_slide_{j}(s, row, t)", outlined=True)
        for line in (
            "rows = rows_of(s)", "ring = ring_of(s)", f"mask = s[{at.C_RING_MASK}]",
            f"while rows[row + {word + at.W_IN_TIME}] <= t - {delay}:",
            f"    node, time = rows[row + {word + at.W_IN}], rows[row + {word + at.W_IN_TIME}]",
            "    at = node & mask",
            f"    _out_{j}(s, row, time - {length}, time - 1)",
            f"    _enter_{j}(s, row, node, ring[at + {at.N_META}] & {at.MASK_STREAM}, time + {delay})",
            f"    rows[row + {word + at.W_IN}] = next_of(ring, at, node)",
            f"    rows[row + {word + at.W_IN_TIME}] = next_time(ring, at, time)",
            f"_out_{j}(s, row, t - {length + delay}, t - {delay})",
        ):  # fmt: skip
            self.text(1, line)

    def _slide_lines(self, entity: int) -> list[str]:
        lines = []
        for j in self.windows(entity):
            length, delay, word = self.t["windows"][j]
            due = f"rows[row + {word + at.W_OUT_TIME}] <= t - {length + delay}"
            if delay:
                lines.append(f"if {due} or rows[row + {word + at.W_IN_TIME}] <= t - {delay}:")
                lines.append(f"    _slide_{j}(s, row, t)")
            else:
                lines.append(f"if {due}:")
                lines.append(f"    _out_{j}(s, row, t - {length}, t)")
        return lines

    def _open_lines(self, entity: int) -> list[str]:
        lines = []
        for j in self.windows(entity):
            word = self.t["windows"][j][2]
            for place in (word + at.W_OUT, word + at.W_IN)[: 2 if self.delayed(j) else 1]:
                lines += [
                    f"if rows[row + {place}] == NONE:",
                    f"    rows[row + {place}] = node",
                    f"    rows[row + {place + 1}] = t",
                ]
        return lines

    # ---- steps, values to forget --------------------------------------------------------------------------------------
    def _per_stream(self) -> None:
        self.text.function("steps_now(p, s, row, node, stream, t)")
        self._node()
        self.text.cases(1, "stream", ((k, self._step_lines(k)) for k in self.streams))
        self.text.function("forget_values(p, s, row, node)", outlined=True)
        self._node()
        self.text(1, f"stream = ring[at + {at.N_META}] & {at.MASK_STREAM}")
        self.text.cases(1, "stream", ((k, self._forget_lines(k)) for k in self.streams))

    def _step_lines(self, k: int) -> list[str]:
        lines: list[str] = []
        for step, condition, word in self.part("steps", "step_at", k):
            value = "t" if step == 0 else f"rows[row + {word - 1}]"
            lines += _when(condition, [f"rows[row + {word}] = {value}"])
        return lines

    def _forget_lines(self, k: int) -> list[str]:
        lines: list[str] = []
        for condition, word, kind, bit in self.part("finals", "final_at", k):
            lines += _when(condition, [f"forget_value(s, row, node, {word}, {kind}, {bit})"])
        return lines

    # ---- tiles --------------------------------------------------------------------------------------------------------
    def _tiles(self) -> None:
        self.text.function("tiles_now(p, s, row, node, stream, entity, t, from_time)", outlined=True)
        self._node()
        self.text(1, "tiles = tiles_of(s)")
        self.text.cases(1, "stream", ((k, self._tile_lines(k)) for k in self.streams))
        self._by_entity("roll(p, s, row, entity, t)", self._roll_lines, "rows = rows_of(s)")

    def _tile_lines(self, k: int) -> list[str]:
        lines: list[str] = []
        stream = self.t["streams"][k]
        base = self.t["group_at"][stream[at.S_ENTITY]]
        for group in range(base, self.t["group_at"][stream[at.S_ENTITY] + 1]):
            if not (stream[at.S_GROUPS] >> (group - base)) & 1:
                continue
            length = self.t["groups"][group][1]
            lines.append(f"number = t // {length}")
            lines.append(f"if number >= from_time // {length}:")
            lines.append(f"    tile = tile_now(p, s, row, {group}, number)")
            for op in self.part("tiles", "tile_at", k * self.n_groups + group):
                lines += ["    " + line for line in _tile(op)]
            for pair in range(self.t["pair_at"][k], self.t["pair_at"][k + 1]):
                condition, word, _, _, of_group, skip = self.t["pairs"][pair]
                if of_group != group:
                    continue
                inner = [f"remember(p, s, row, {pair}, ring[at + {word}], tile, number)"]
                inner = [f"if ring[at + {word}] != 0:", "    " + inner[0]] if skip else inner
                lines += ["    " + line for line in _when(condition, inner)]
        return lines

    def _roll_lines(self, entity: int) -> list[str]:
        lines = []
        for group in range(self.t["group_at"][entity], self.t["group_at"][entity + 1]):
            window, length, word, _ = self.t["groups"][group]
            lines += [
                f"oldest = (t - {window}) // {length}",
                f"if rows[row + {word + at.G_LIVE_TILE}] < oldest:",
                f"    retire(p, s, row, {group}, oldest)",
            ]
        return lines

    # ---- reading ------------------------------------------------------------------------------------------------------
    def _reads(self) -> None:
        for entity in self.entities:
            self.text.function(f"_read_{entity}(s, row, t, out, column)", outlined=True)
            self.text(1, "rows = rows_of(s)")
            for line in read_lines(self.part("reads", "read_at", entity)):
                self.text(1, line)
        self._by_entity("read_row(p, s, row, entity, t, out, column)", lambda e: [f"_read_{e}(s, row, t, out, column)"])

    # ---- cache lines --------------------------------------------------------------------------------------------------
    def _touch(self) -> None:
        for head, before, name, cases in touch_functions(self.t):
            self.text.function(head)
            for line in (*before, "pass"):
                self.text(1, line)
            self.text.cases(1, name, cases)


def _test(column: int, op: int, value: int) -> str:
    x = f"values[base + {column}]"
    return f"((np.int64({value}) >> {x}) & 1 != 0)" if op == _IN else f"({x} {_COMPARE[op]} {value})"


def _when(condition: int, lines: list[str]) -> list[str]:
    """The lines, under their condition; condition 0 always holds."""
    return [f"if (final >> {condition}) & 1:", *("    " + line for line in lines)] if condition else lines


def _sum(op: list[int], sign: str) -> list[str]:
    kind, condition, value, row = op[:4]
    held = f"((final >> {condition}) & 1)"
    if kind == at.OP_COUNT:
        return [f"rows[row + {row}] {sign}= {held if condition else 1}"]
    if kind == at.OP_SUM:
        return [f"rows[row + {row}] {sign}= ring[at + {value}]" + (f" & -{held}" if condition else "")]
    return _when(condition, [f"square_into(rows, row + {row}, ring[at + {value}], {sign}1)"])


def _drop(op: list[int]) -> list[str]:
    kind, condition, value, row, a, _, _, skip = op
    if kind in {at.OP_MAX, at.OP_MIN}:
        lines = [f"extreme_out(s, row, node, {row}, {value}, {a})"]
    elif kind == at.OP_FIRST:
        lines = [f"first_out(s, row, node, {row}, {condition}, inside)"]
    elif kind == at.OP_DISTINCT:
        lines = [f"distinct_out(s, row, node, {row}, {value}, {skip}, {a})"]
    else:
        return _sum(op, "-")
    return _when(condition, lines)


def _tile(op: list[int]) -> list[str]:
    kind, condition, value, row, tile = op[:5]
    here, there, x = f"tiles[tile + {tile}]", f"rows[row + {row}]", f"ring[at + {value}]"
    if kind == at.OP_COUNT:
        lines = [f"{here} += 1", f"{there} += 1"]
    elif kind == at.OP_SUM:
        lines = [f"{here} += {x}", f"{there} += {x}"]
    elif kind == at.OP_SQUARE:
        lines = [f"square_into(tiles, tile + {tile}, {x}, 1)", f"square_into(rows, row + {row}, {x}, 1)"]
    else:
        name = "max" if kind == at.OP_MAX else "min"
        lines = [f"{place} = {name}({place}, {x})" for place in (here, there)]
    return _when(condition, lines)


def program(plan: Plan) -> str:
    """The text of a module with the functions of :mod:`.program`, for this plan alone."""
    return _Writer(plan).write()
