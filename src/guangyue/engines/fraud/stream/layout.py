"""Where everything lies: the words of a node, a row, a tile, the control block; the tables of the plan; the pools."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

# A node: one record as one entity sees it; its link is the way to the next one, in words and milliseconds (fields.py).
N_TIME, N_RANK, N_LINK, N_META, N_VALUES = range(5)
# Its meta word: stream | superseded bits | conditions without `new` | conditions | low bits of the row.
META_SUPERSEDED, META_STATIC, META_FINAL, META_ROW = 8, 16, 32, 48
MASK_STREAM, MASK_CONDITIONS = 0xFF, (1 << 16) - 1
MAX_STREAMS, MAX_CONDITIONS, MAX_DISTINCT = 255, 16, 8
# Its rank word: offset | high bits of the row. The rank of an event puts its source before its offset.
SOURCE_SHIFT = 48

# A row: one entity. Then its windows, its tile groups, its accumulators.
R_KEY, R_HEAD, R_TAIL, R_NODES, R_TIME, R_RANK, R_CAPPED, R_ENTITY, R_FREE = range(9)
# A window in a row: the oldest node inside, its time; for delayed ones the next to enter, its time.
W_OUT, W_OUT_TIME, W_IN, W_IN_TIME, W_WORDS = range(5)
# A tile group in a row: oldest kept, oldest inside and its number, newest and its number.
G_KEPT, G_LIVE, G_LIVE_TILE, G_NEWEST, G_NEWEST_TILE, G_WORDS = range(6)
# A tile.
T_TILE, T_NEXT, T_VALUES = range(3)
# An entry of the map of values in tiles: owner (row and stream), value, two words of content.
E_OWNER, E_VALUE, E_A, E_B, E_WORDS = range(5)
# An entry of the map of values in exact windows: the hash of owner and value; the newest node and its bit, plus one.
V_HASH, V_NODE, V_WORDS = range(3)
V_BITS = 3
OWNER_BITS = 8
ENTITY_SHIFT = 58
SERVICE_BIT = 1 << 56

NONE = -1
FAR = 1 << 62
EMPTY_MAX, EMPTY_MIN = -FAR, FAR

# The control block.
(
    C_CLOCK, C_RETAIN, C_SLACK, C_CAP, C_SHARDS, C_SHARD, C_RING_HEAD, C_RING_TAIL, C_RING_MASK, C_H_MASK, C_H_USED,
    C_ROW_TOP, C_TILE_TOP, C_LINK_TOP, C_LINK_FREE, C_D_MASK, C_D_USED, C_P_MASK, C_P_USED, C_EVENT, C_FIRST, C_LAST,
    C_CORRECTIONS, C_SWEEP, C_ROWS, C_NODES, C_CAPPED, C_LATE, C_SERVICE, C_OUT_OF_ORDER, C_ONCE, C_FREED,
    C_DUPLICATE, C_EVENTS, C_FIX_WIDTH, C_FIX_ROWS, C_AHEAD, C_NEWEST,
) = range(38)  # fmt: skip

# Then the pools, each an address and a length; the heads of the free lists; the sources' marks.
(
    POOL_INDEX, POOL_ROWS, POOL_RING, POOL_TILES, POOL_LINKS, POOL_SEEN, POOL_PAIRS, POOL_SCRATCH, POOL_FIX_KEY,
    POOL_FIX_VALUE,
) = range(40, 60, 2)  # fmt: skip
C_FREE = 64
C_QUEUE = 192  # this shard's slots of the events admitted, from C_FIRST to before C_LAST: [number modulo QUEUE, Q_*]
QUEUE = 256
# A slot of an event: the event and, in its low bits, the stream; its entity; the clock then; the entity's row.
Q_EVENT, Q_KEY, Q_CLOCK, Q_ROW, Q_WORDS = range(5)
Q_STREAM_BITS = 8
C_MARKS = C_QUEUE + QUEUE * Q_WORDS  # newest time and last offset of each source
MAX_POOLS = C_QUEUE - C_FREE
ADMITTED = 16  # events at a time; all their slots fit the queue behind those looked at ahead
# A slot's key where there is no entity to keep.
KEY_NONE, KEY_SERVICE = 0, -1

# Operations.
(OP_COUNT, OP_SUM, OP_SQUARE, OP_MAX, OP_MIN, OP_FIRST, OP_DISTINCT) = range(7)
# Read-outs.
(
    READ_INT, READ_MEAN, READ_FRONT, READ_TILE, READ_STD, READ_RATIO, READ_FIRST, READ_TILE_AGE, READ_SINCE,
    READ_BURST, READ_SEQUENCE,
) = range(11)  # fmt: skip

READ_WIDTH = 5

# What stopped the kernel: which pool must grow before the event can go on.
(NEED_NOTHING, NEED_ROWS, NEED_RING, NEED_TILES, NEED_LINKS, NEED_SEEN, NEED_PAIRS, NEED_INDEX, NEED_CORRECTIONS) = (
    range(9)
)

TAKEN, LATE, DUPLICATE = range(3)


# The plan is one array: a header that says where each table begins, then the tables.
TABLES: tuple[tuple[str, str], ...] = (
    ("roles", "[source + 1] first stream of each source"),
    ("streams", "[stream, S_*]"),
    ("columns", "columns copied into nodes"),
    ("conditions", "[condition] first term"),
    ("terms", "[term, (column, operator, value or word, pair stream)]"),
    ("adds", "[operation, O_*] when a record enters a window"),
    ("drops", "[operation, O_*] when it leaves"),
    ("add_at", "[stream * windows + window] first operation"),
    ("drop_at", "[stream * windows + window] first operation"),
    ("spans", "[(window in milliseconds, accumulator)] of distinct counts"),
    ("finals", "[(condition, value, seen stream, bit)] distinct values to forget with the node"),
    ("final_at", "[stream]"),
    ("steps", "[(step, condition, accumulator)] sequences and last times"),
    ("step_at", "[stream]"),
    ("pairs", "[pair stream, P_*]"),
    ("pair_at", "[stream] pair streams of a stream"),
    ("tiles", "[operation, O_*] when a record enters a tile"),
    ("tile_at", "[stream * groups + group] first operation"),
    ("totals", "[(kind, word in tile, word in row)] what a tile adds to its row"),
    ("total_at", "[group]"),
    ("group_pairs", "pair streams of a group"),
    ("group_pair_at", "[group]"),
    ("windows", "[window, (length, delay, word in row)]"),
    ("window_at", "[entity]"),
    ("undelayed", "[entity] number of its windows without delay"),
    ("groups", "[group, (window, tile, word in row, words of a tile)]"),
    ("group_at", "[entity]"),
    ("row_words", "[entity]"),
    ("row_blank", "the fresh rows of all entities, one after another"),
    ("row_blank_at", "[entity]"),
    ("tile_blank", "likewise the fresh tiles"),
    ("tile_blank_at", "[group]"),
    ("reads", "[feature, (kind, a, b, c, parameter)]"),
    ("read_at", "[entity]"),
    ("slots", "[slot] first column of the vector"),
    ("lateness", "[source, (lateness, idle)]"),
)
(
    A_ROLES, A_STREAMS, A_COLUMNS, A_CONDITIONS, A_TERMS, A_ADDS, A_DROPS, A_ADD_AT, A_DROP_AT, A_SPANS, A_FINALS,
    A_FINAL_AT, A_STEPS, A_STEP_AT, A_PAIRS, A_PAIR_AT, A_TILES, A_TILE_AT, A_TOTALS, A_TOTAL_AT, A_GROUP_PAIRS,
    A_GROUP_PAIR_AT, A_WINDOWS, A_WINDOW_AT, A_UNDELAYED, A_GROUPS, A_GROUP_AT, A_ROW_WORDS, A_ROW_BLANK,
    A_ROW_BLANK_AT, A_TILE_BLANK, A_TILE_BLANK_AT, A_READS, A_READ_AT, A_SLOTS, A_LATENESS, A_N_WINDOWS, A_N_GROUPS,
    A_WORDS,
) = range(39)  # fmt: skip
N_ENTITIES = 5

# Words of a stream, an operation, a pair stream.
(
    S_ENTITY, S_COLUMN, S_SLOT, S_COLUMNS, S_NCOLUMNS, S_WORDS, S_CONDITIONS, S_NCONDITIONS, S_DYNAMIC, S_GROUPS,
    S_SOURCE, S_WIDTH,
) = range(12)  # fmt: skip
O_KIND, O_CONDITION, O_VALUE, O_ROW, O_A, O_B, O_C, O_D, O_WIDTH = range(9)
P_CONDITION, P_VALUE, P_ROW, P_TILE, P_GROUP, P_SKIP_ZERO, P_WORDS = range(7)


class StateArrays(NamedTuple):
    """All state of the engine; the control block holds the addresses of the others."""

    control: Ints  # C_*
    keys: Ints  # hash map: key, row
    rows: Ints
    ring: Ints
    tiles: Ints
    links: Ints  # values of tiles: value, next
    seen: Ints  # hash map: values inside exact windows → newest node
    pairs: Ints  # hash map: values inside tiles → tiles holding it, newest tile
    scratch: Ints
    fix_key: Ints  # corrections: time, rank, slot
    fix_value: Floats
