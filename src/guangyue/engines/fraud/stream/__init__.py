"""The incremental kernel: plan, state, exact windows, tiles, read-out. Everything here is arrays of 64-bit integers.

*Theory of operation.* Each record leaves one **node** in a ring for every entity it concerns. An entity's nodes form a
list in the total order (time, source, offset). Every exact window of the entity is a cursor on this list: when time
moves, nodes pass the cursor and are taken out of the window's accumulators. Long windows are rows of **tiles**. When a
record arrives out of order, its entity is wound back and its nodes are applied again in order by the same code; every
node after the late one yields a *correction* of the values given before.
"""
