"""A graph in one file: compressed lightly, read back in a fraction of a second, contraction order included."""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from guangyue.engines.roads.engines import contraction_order
from guangyue.engines.roads.errors import RoadsError
from guangyue.engines.roads.graph import Graph

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FORMAT", "load", "save"]

FORMAT: Final = 1
"""Version of the file; a reader refuses another."""

_MILLIONTH: Final = 10_000_000
_DEGREES: Final = ("lon", "lat", "shape_lon", "shape_lat")
_PLAIN: Final = (
    "tail", "head", "metres", "road", "limit", "signals", "against", "twin", "street", "shape", "backward", "shape_at",
    "banned_at", "banned_arcs",
)  # fmt: skip


def save(graph: Graph, path: Path) -> Graph:
    """Write a graph, with its contraction order (computed here if need be); returns the graph with that order.

    Degrees are kept to 1e-7 (a centimetre), as OSM itself does. The file appears whole or not at all.
    """
    if graph.order is None:
        graph = replace(graph, order=contraction_order(graph))
    times = sorted(graph.times)
    about = {"format": FORMAT, "names": graph.names, "source": graph.source, "times": times}
    parts: dict[str, Any] = {"about": np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8)}
    for name in _DEGREES:
        parts[name] = np.rint(getattr(graph, name) * _MILLIONTH).astype(np.int32)
    for name in _PLAIN:
        parts[name] = getattr(graph, name)
    parts["order"] = graph.order
    for i, name in enumerate(times):
        parts[f"time_{i}"] = graph.times[name]
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as out:
            np.savez_compressed(out, **parts)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return graph


def load(path: Path) -> Graph:
    """Read a graph that :func:`save` wrote.

    Raises:
        RoadsError: ``roads.not_found``, ``roads.broken_extract``, ``roads.version``.
    """
    if not path.exists():
        raise RoadsError("roads.not_found", path=path)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as box:
            about = json.loads(box["about"].tobytes())
            _same_format(path, about["format"])
            values: dict[str, Any] = {name: box[name].astype(np.float64) / _MILLIONTH for name in _DEGREES}
            values |= {name: box[name] for name in (*_PLAIN, "order")}
            times = {name: box[f"time_{i}"] for i, name in enumerate(about["times"])}
    except RoadsError:
        raise
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        why = "no graph of `guangyue roads build`, or not all of it / 不是 `guangyue roads build` 写成的完整路网"
        raise RoadsError("roads.broken_extract", path=path, why=why) from error
    known = {f.name for f in fields(Graph)}
    rest = {"names": tuple(about["names"]), "source": about["source"], "times": times}
    return Graph(**{k: v for k, v in (values | rest).items() if k in known}).check()


def _same_format(path: Path, found: object) -> None:
    if found != FORMAT:
        raise RoadsError("roads.version", path=path, found=found, wanted=FORMAT)
