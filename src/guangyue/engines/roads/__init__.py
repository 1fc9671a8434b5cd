"""The street graph: who reaches a place soonest, and by which way."""
