"""Streets from tables: an arc table and a node table, CSV or Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from guangyue.engines.roads.classes import OSM_HIGHWAY, RoadClass
from guangyue.engines.roads.edges import from_edges
from guangyue.engines.roads.errors import RoadsError
from guangyue.engines.roads.ways import Built

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["from_tables", "read_table"]

_TIMES: Final = {"seconds": "ordinary", "siren_seconds": "siren", "patrol_seconds": "patrol"}


def from_tables(arcs_path: Path, nodes_path: Path, *, least_share: float = 0.5) -> Built:
    """The street graph of an edge list.

    Args:
        arcs_path: one row per directed arc: ``from``, ``to``, and any of ``metres``, ``highway`` (as in OSM),
            ``maxspeed`` (km/h, empty where unknown), ``name``, ``kmh`` (measured speed), or measured times in ``seconds``,
            ``siren_seconds``, ``patrol_seconds``.
        nodes_path: one row per node: ``id``, ``lon``, ``lat``.
        least_share: the largest connected part must hold this share of the street length.

    Raises:
        RoadsError: ``roads.not_found``, ``roads.broken_extract``, ``roads.column``, ``roads.arc_node``, and what
            :func:`~guangyue.engines.roads.edges.from_edges` refuses.
    """
    nodes, arcs = read_table(nodes_path), read_table(arcs_path)
    for table, path, wanted in ((nodes, nodes_path, ("id", "lon", "lat")), (arcs, arcs_path, ("from", "to"))):
        for column in wanted:
            if column not in table.columns:
                raise RoadsError("roads.column", source=path.name, column=column, present=", ".join(table.columns))
    number = {label: i for i, label in enumerate(nodes["id"].cast(pl.String).to_list())}
    ends = []
    for column in ("from", "to"):
        labels = arcs[column].cast(pl.String).to_list()
        unknown = next((i for i, label in enumerate(labels) if label not in number), None)
        if unknown is not None:
            raise RoadsError("roads.arc_node", arc=unknown, node=labels[unknown], source=nodes_path.name)
        ends.append([number[label] for label in labels])
    road = None
    if "highway" in arcs.columns:
        kinds = [OSM_HIGHWAY.get(kind or "", RoadClass.UNCLASSIFIED) for kind in arcs["highway"].to_list()]
        road = np.array(kinds, np.uint8)
    graph = from_edges(
        _floats(nodes, "lon", nodes_path), _floats(nodes, "lat", nodes_path), ends[0], ends[1], road=road,
        metres=_floats(arcs, "metres", arcs_path) if "metres" in arcs.columns else None,
        limit=_floats(arcs, "maxspeed", arcs_path, empty=0.0) if "maxspeed" in arcs.columns else None,
        kmh=_floats(arcs, "kmh", arcs_path) if "kmh" in arcs.columns else None,
        names=arcs["name"].cast(pl.String).to_list() if "name" in arcs.columns else None,
        seconds={_TIMES[c]: _floats(arcs, c, arcs_path) for c in _TIMES if c in arcs.columns},
        source=arcs_path.name,
    )  # fmt: skip
    main, share = graph.main_part(least_share=least_share)
    return Built(main, share, len(arcs))


def read_table(path: Path) -> pl.DataFrame:
    """A CSV or Parquet file as a table.

    Raises:
        RoadsError: ``roads.not_found``, ``roads.broken_extract``.
    """
    if not path.is_file():
        raise RoadsError("roads.not_found", path=path)
    try:
        if path.suffix == ".parquet":
            return pl.read_parquet(path)
        return pl.read_csv(path, infer_schema_length=None)
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as error:
        raise RoadsError("roads.broken_extract", path=path, why=str(error).splitlines()[0]) from error


def _floats(
    table: pl.DataFrame, column: str, path: Path, *, empty: float = float("nan")
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    try:
        values = table[column].cast(pl.Float64)
    except pl.exceptions.PolarsError as error:
        raise RoadsError("roads.broken_extract", path=path, why=f"column {column} is not numeric") from error
    return np.array(values.fill_null(empty).to_numpy())
