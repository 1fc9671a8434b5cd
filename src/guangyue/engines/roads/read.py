"""Any known source of streets, told apart by the file's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.engines.roads.errors import RoadsError
from guangyue.engines.roads.geojson import from_geojson
from guangyue.engines.roads.jemss import from_jemss
from guangyue.engines.roads.osm import from_osm
from guangyue.engines.roads.tables import from_tables
from guangyue.engines.roads.ways import Built

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["build"]


def build(path: Path, *, nodes: Path | None = None, least_share: float = 0.5) -> Built:
    """The street graph of a file: an OSM extract, GeoJSON lines, arc and node tables, a JEMSS archive.

    Raises:
        RoadsError: ``roads.format`` for other files, ``roads.nodes_missing`` when a table comes without ``nodes``,
            and what the reader of each kind refuses.
    """
    name = path.name.lower()
    if name.endswith((".pbf", ".osm", ".osm.gz", ".osm.bz2")):
        return from_osm(path, least_share=least_share)
    if name.endswith((".geojson", ".json")):
        return from_geojson(path, least_share=least_share)
    if name.endswith((".csv", ".parquet")):
        if nodes is None:
            raise RoadsError("roads.nodes_missing", source=path.name)
        return from_tables(path, nodes, least_share=least_share)
    if name.endswith(".zip"):
        graph = from_jemss(path)
        main, share = graph.main_part(least_share=least_share)
        return Built(main, share, graph.arcs)
    known = ".osm.pbf, .osm, .osm.gz, .geojson, .csv + --nodes, .parquet + --nodes, .zip (JEMSS)"
    raise RoadsError("roads.format", path=path, known=known)
