"""Writes the laid-out catalogue as flat arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from guangyue.engines.fraud.schema import ENTITIES, SLOT_ENTITY, SLOTS, Source
from guangyue.engines.fraud.stream import layout as at
from guangyue.engines.fraud.where import NEW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from guangyue.engines.fraud.stream.plan import _Entity, _Stream

__all__ = ["emit", "flatten"]

_PairKey = tuple[str, str, tuple[int, str, int]]


def _table(rows: Sequence[Sequence[int]], width: int) -> at.Ints:
    out = np.zeros((len(rows), width), dtype=np.int64)
    for k, row in enumerate(rows):
        out[k, : len(row)] = row
    return out


def _starts(lengths: Sequence[int]) -> at.Ints:
    return np.concatenate(([0], np.cumsum(np.array(lengths, dtype=np.int64)))).astype(np.int64)


def _flat(rows: Sequence[Sequence[int]]) -> tuple[at.Ints, at.Ints]:
    return np.array([x for row in rows for x in row], dtype=np.int64), _starts([len(row) for row in rows])


class _Operations:
    """Operations by (stream, place), as one table with starts."""

    def __init__(self, places: int) -> None:
        self.places, self.rows, self.counts = places, list[list[int]](), list[int]()

    def stream(self, listed: Sequence[tuple[int, list[int]]]) -> None:
        for j in range(self.places):
            mine = [row for place, row in listed if place == j]
            self.rows += mine
            self.counts.append(len(mine))


def emit(
    sources: tuple[Source, ...], streams: dict[tuple[str, str], _Stream], entities: list[_Entity]
) -> dict[str, at.Ints]:
    """The plan's tables by name."""
    window_at = _starts([len(e.windows) for e in entities])
    group_at = _starts([len(e.groups) for e in entities])
    pair_ids, pair_at = _pair_ids(streams)
    adds, drops = _Operations(int(window_at[-1])), _Operations(int(window_at[-1]))
    tiles = _Operations(int(group_at[-1]))
    stream_rows: list[list[int]] = []
    columns: list[int] = []
    conditions: list[int] = []
    terms: list[list[int]] = []
    spans: list[tuple[int, int]] = []
    finals: list[list[list[int]]] = []
    pair_rows: list[list[int]] = [[] for _ in pair_ids]
    seen_base = 0
    for (code, slot), s in streams.items():
        entity = ENTITIES.index(SLOT_ENTITY[slot])
        owner = entities[entity]
        first_condition = len(conditions)
        dynamic = False
        for listed_terms in s.conditions:
            conditions.append(len(terms))
            for term in listed_terms:
                column = s.source.names.index(term.column)
                if term.op == NEW:
                    dynamic = True
                    pair_id = pair_ids[code, slot, (0, term.column, owner.group_of(term.value))]
                    terms.append([column, term.op_number, s.word(term.column), pair_id])
                else:
                    terms.append([column, term.op_number, term.value, 0])
        conditions.append(len(terms))
        link_word = at.N_VALUES + len(s.columns)
        adds.stream([(int(window_at[entity]) + j, _add(op, s, link_word, seen_base, spans)) for j, op in s.adds])
        drops.stream([(int(window_at[entity]) + j, _drop(op, link_word)) for j, op in s.drops])
        tiles.stream([(int(group_at[entity]) + g, op) for g, op in s.tiles if op[0] != "pair"])
        for group, op in s.tiles:
            if op[0] == "pair":
                _, condition, column_name, head = op
                key = (condition, column_name, group)
                row_word = s.pairs[key]
                pair_rows[pair_ids[code, slot, key]] = [
                    condition, s.word(column_name), at.NONE if row_word is None else row_word, head,
                    int(group_at[entity]) + group, s.skips_zero(column_name),
                ]  # fmt: skip
        finals.append([[c, word, seen_base + k, k] for c, word, k in s.finals])
        seen_base += len(s.seen)
        stream_rows.append([
            entity, s.source.names.index(slot), SLOTS.index(slot), len(columns), len(s.columns),
            at.N_VALUES + len(s.columns) + s.links, first_condition, len(s.conditions), int(dynamic),
            sum(1 << g for g in {g for g, _ in s.tiles}), [c.code for c in sources].index(code),
        ])  # fmt: skip
        columns += [s.source.names.index(c) for c in s.columns]
    if seen_base > 1 << at.OWNER_BITS or len(pair_ids) > 1 << at.OWNER_BITS:
        raise ValueError("more than 256 kinds of distinct counts")
    for entity_plan in entities:
        for words, blank in zip(entity_plan.groups, entity_plan.tile_blanks, strict=True):
            words[3] = len(blank)
    group_pairs = [[i for i, row in enumerate(pair_rows) if row[at.P_GROUP] == g] for g in range(int(group_at[-1]))]
    row_blank, row_blank_at = _flat([e.row.blank for e in entities])
    tile_blank, tile_blank_at = _flat([b for e in entities for b in e.tile_blanks])
    totals = [t for e in entities for t in e.totals]
    flat_pairs, group_pair_at = _flat(group_pairs)
    widths = [len(e.features) for e in entities]
    return dict(  # noqa: C408 - a table of names reads best as arguments

        roles=_starts([len(s.slots) for s in sources]), streams=_table(stream_rows, at.S_WIDTH),
        columns=np.array(columns, dtype=np.int64), conditions=np.array(conditions, dtype=np.int64),
        terms=_table(terms, 4),
        adds=_table(adds.rows, at.O_WIDTH), drops=_table(drops.rows, at.O_WIDTH),
        add_at=_starts(adds.counts), drop_at=_starts(drops.counts), spans=_table(spans, 2),
        finals=_table([row for rows in finals for row in rows], 4), final_at=_starts([len(rows) for rows in finals]),
        steps=_table([row for s in streams.values() for row in s.steps], 3),
        step_at=_starts([len(s.steps) for s in streams.values()]),
        pairs=_table(pair_rows, at.P_WORDS), pair_at=pair_at,
        tiles=_table(tiles.rows, at.O_WIDTH), tile_at=_starts(tiles.counts),
        totals=_table([row for rows in totals for row in rows], 3), total_at=_starts([len(rows) for rows in totals]),
        group_pairs=flat_pairs, group_pair_at=group_pair_at,
        windows=_table([w for e in entities for w in e.windows], 3), window_at=window_at,
        undelayed=np.array([sum(not w[1] for w in e.windows) for e in entities], dtype=np.int64),
        groups=_table([g for e in entities for g in e.groups], 4), group_at=group_at,
        row_words=np.array([len(e.row.blank) for e in entities], dtype=np.int64),
        row_blank=row_blank, row_blank_at=row_blank_at, tile_blank=tile_blank, tile_blank_at=tile_blank_at,
        reads=_table([r for e in entities for r in e.reads], at.READ_WIDTH), read_at=_starts(widths),
        slots=_starts([widths[ENTITIES.index(SLOT_ENTITY[slot])] for slot in SLOTS])[:-1].copy(),
        lateness=_table([[_ms(s.lateness), _ms(s.idle)] for s in sources], 2),
    )  # fmt: skip


def flatten(tables: dict[str, at.Ints]) -> at.Ints:
    """The plan as the kernel reads it: the header, then every table."""
    header = np.zeros(at.A_WORDS, dtype=np.int64)
    header[at.A_N_WINDOWS], header[at.A_N_GROUPS] = len(tables["windows"]), len(tables["groups"])
    parts, place = [header], at.A_WORDS
    for k, (name, _) in enumerate(at.TABLES):
        header[k] = place
        parts.append(tables[name].reshape(-1))
        place += tables[name].size
    return np.concatenate(parts)


def _ms(span: Any) -> int:  # noqa: ANN401 - a timedelta
    return int(span.total_seconds() * 1000)


def _pair_ids(streams: dict[tuple[str, str], _Stream]) -> tuple[dict[_PairKey, int], at.Ints]:
    ids: dict[_PairKey, int] = {}
    for (code, slot), s in streams.items():
        for key in s.pairs:
            ids[code, slot, key] = len(ids)
    return ids, _starts([len(s.pairs) for s in streams.values()])


def _add(op: list[Any], s: _Stream, link_word: int, seen_base: int, spans: list[tuple[int, int]]) -> list[int]:
    kind, condition, word, place, extra, mine, _, skip = op
    if kind == at.OP_DISTINCT:
        first = len(spans)
        spans += mine
        bit = s.seen[extra[1]]
        return [kind, condition, word, place, ((seen_base + bit) << 8) | bit, first, len(spans), skip]
    return [kind, condition, word, place, link_word + extra[1], 0, 0, skip]


def _drop(op: list[Any], link_word: int) -> list[int]:
    kind, condition, word, place, extra, _, _, skip = op
    link = extra if kind == at.OP_DISTINCT else link_word + extra[1]
    return [kind, condition, word, place, link, 0, 0, skip]
