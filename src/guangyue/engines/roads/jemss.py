"""City models of JEMSS.jl (Ridler et al. 2022): ``roads.zip`` with nodes, directed arcs and two travel times each."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Final

import numpy as np

from guangyue.engines.roads.classes import RoadClass
from guangyue.engines.roads.edges import from_edges
from guangyue.engines.roads.errors import RoadsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from guangyue.engines.roads.graph import Graph

__all__ = ["from_jemss"]

_DAY_S: Final = 86_400.0


def from_jemss(path: Path) -> Graph:
    """The graph of a JEMSS ``roads.zip``; mode 1 is with siren, mode 2 ordinary, both given in days.

    Raises:
        RoadsError: ``roads.not_found``, ``roads.broken_extract``, ``roads.column``.
    """
    if not path.exists():
        raise RoadsError("roads.not_found", path=path)
    try:
        with zipfile.ZipFile(path) as box:
            nodes = _table(box.read("nodes.csv").decode(), "nodes", path)
            arcs = _table(box.read("arcs.csv").decode(), "arcs", path)
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError) as error:
        raise RoadsError("roads.broken_extract", path=path, why=str(error)) from error
    number = {label: i for i, label in enumerate(nodes["index"])}
    try:
        tail = np.array([number[label] for label in arcs["fromNode"]], np.int32)
        head = np.array([number[label] for label in arcs["toNode"]], np.int32)
        lon, lat = np.array(nodes["x"], np.float64), np.array(nodes["y"], np.float64)
        metres = np.array(arcs["distance"], np.float64) * 1000.0
        siren = np.array(arcs["mode_1"], np.float64) * _DAY_S
        ordinary = np.array(arcs["mode_2"], np.float64) * _DAY_S
    except (KeyError, ValueError) as error:
        raise RoadsError("roads.broken_extract", path=path, why=f"arcs.csv: {error!r}") from error
    # the model knows two kinds of street by their speed; arterials run above 60 km/h without siren
    fast = metres / np.maximum(ordinary, 1e-9) * 3.6 > 60  # noqa: PLR2004
    road = np.where(fast, RoadClass.TRUNK, RoadClass.RESIDENTIAL)
    return from_edges(
        lon, lat, tail, head,
        metres=metres, road=road, seconds={"siren": siren, "ordinary": ordinary}, source=path.name,
    )  # fmt: skip


def _table(text: str, name: str, path: Path) -> dict[str, list[str]]:
    """A named table inside one of JEMSS's CSV files, by column."""
    rows = csv.reader(io.StringIO(text))
    for row in rows:
        if row and row[0] == name:
            break
    else:
        raise RoadsError("roads.broken_extract", path=path, why=f"no table named {name}")
    head = next(rows)
    wanted = {"nodes": ("index", "x", "y"), "arcs": ("fromNode", "toNode", "distance", "mode_1", "mode_2")}[name]
    for column in wanted:
        if column not in head:
            raise RoadsError("roads.column", source=f"{path} ({name})", column=column, present=", ".join(head))
    places = [head.index(column) for column in wanted]
    columns = list(zip(*_body(rows, places), strict=True))
    if not columns:
        raise RoadsError("roads.empty", source=str(path))
    return {column: list(values) for column, values in zip(wanted, columns, strict=True)}


def _body(rows: Iterator[list[str]], places: list[int]) -> Iterator[tuple[str, ...]]:
    """The wanted columns of a table's rows; an empty row or one too short ends it."""
    for row in rows:
        if len(row) <= max(places) or not row[0]:
            return
        yield tuple(row[i] for i in places)
