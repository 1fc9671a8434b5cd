"""The cells a city is cut into, what lies near each, and the areas they add up to."""

from __future__ import annotations

from dataclasses import dataclass

import h3
import h3.api.numpy_int as h3i
import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]
from scipy.spatial import cKDTree  # type: ignore[import-untyped]

from guangyue.engines.patrol.errors import PatrolError

__all__ = ["Grid", "hex_grid", "square_grid"]

EARTH_M = 111_195.0
"""Metres in a degree of latitude on a sphere of 6,371 km."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """n cells, in a fixed order, grouped into areas.

    Attributes:
        id: n, H3 index, or row and column of a square.
        longitude: n, centre.
        latitude: n, centre.
        area_m2: mean size of a cell.
        area: n, index of the area (block, district, coarse cell) that holds the cell.
        resolution: of H3; 0 for squares.
    """

    id: npt.NDArray[np.int64]
    longitude: npt.NDArray[np.float64]
    latitude: npt.NDArray[np.float64]
    area_m2: float
    area: npt.NDArray[np.int64]
    resolution: int

    def __len__(self) -> int:
        return len(self.id)

    @property
    def metres(self) -> npt.NDArray[np.float64]:
        """N × 2, plane coordinates good to a few parts in a thousand across one city."""
        middle = np.deg2rad(self.latitude.mean())
        return np.column_stack([self.longitude * np.cos(middle), self.latitude]) * EARTH_M

    def kernel(self, metres: float) -> sparse.csr_array:
        """N × n, Gaussian weights of bandwidth ``metres`` cut at three bandwidths, each column summing to one.

        Multiplied with counts it spreads each event over its neighbourhood without losing any.
        """
        tree = cKDTree(self.metres)
        near = sparse.csr_array(tree.sparse_distance_matrix(tree, 3 * metres, output_type="coo_matrix"))
        near.data = np.exp(-0.5 * (near.data / metres) ** 2)
        # scipy's sparse distance matrix has no entry for a distance of zero.
        near = sparse.csr_array(near + sparse.eye_array(len(self)) * (1.0 - near.diagonal().max(initial=0.0)))
        return sparse.csr_array(near / near.sum(axis=0)[np.newaxis, :])

    def find(self, longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """The cell of each position on an H3 grid, -1 where the grid has none."""
        at = np.array(
            [h3i.latlng_to_cell(y, x, self.resolution) for x, y in zip(longitude, latitude, strict=True)], np.int64
        )
        place = np.searchsorted(self.id, at)
        found = self.id[np.minimum(place, len(self) - 1)] == at
        return np.where(found, place, -1).astype(np.int64)

    def with_areas(self, area: npt.NDArray[np.int64]) -> Grid:
        """The same cells grouped by other areas, such as a city's twelve responsibility blocks."""
        return Grid(
            id=self.id, longitude=self.longitude, latitude=self.latitude, area_m2=self.area_m2,
            area=np.unique(area, return_inverse=True)[1].astype(np.int64), resolution=self.resolution,
        )  # fmt: skip


def hex_grid(
    longitude: npt.NDArray[np.float64],
    latitude: npt.NDArray[np.float64],
    *,
    resolution: int = 9,
    areas: int = 7,
    rim: int = 0,
    also: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None = None,
) -> tuple[Grid, npt.NDArray[np.int64]]:
    """H3 cells that hold events and ``rim`` rings around them; the grid and the cell of each event.

    A call never seen anywhere near is not forecast: cells far from every past event stay outside, save those that hold
    the positions in ``also`` (longitudes, latitudes), such as a new night market.
    """
    _enough(longitude)
    if not 0 <= areas <= resolution <= 15:  # noqa: PLR2004 - H3's resolutions
        sentence = f"Areas of resolution {areas} do not contain cells of resolution {resolution}."
        raise PatrolError("patrol.grid.resolution", sentence, areas=areas, resolution=resolution)
    at = np.array([h3i.latlng_to_cell(a, b, resolution) for a, b in zip(latitude, longitude, strict=True)], np.uint64)
    seen, cell = np.unique(at, return_inverse=True)
    ids = seen
    if rim:
        ids = np.unique(np.concatenate([h3i.grid_disk(c, rim) for c in seen]))
        cell = np.searchsorted(ids, at)
    if also is not None and len(also[0]):
        more = [h3i.latlng_to_cell(y, x, resolution) for x, y in zip(*also, strict=True)]
        ids = np.unique(np.concatenate([ids, np.array(more, np.uint64)]))
        cell = np.searchsorted(ids, at)
    centre = np.array([h3i.cell_to_latlng(c) for c in ids])
    parent = np.array([h3i.cell_to_parent(c, areas) for c in ids], np.uint64)
    sample = ids[:: max(1, len(ids) // 200)]
    size = float(np.mean([h3.cell_area(h3.int_to_str(int(c)), "m^2") for c in sample]))
    grid = Grid(
        id=ids.astype(np.int64), longitude=centre[:, 1], latitude=centre[:, 0], area_m2=size,
        area=np.unique(parent, return_inverse=True)[1].astype(np.int64), resolution=resolution,
    )  # fmt: skip
    return grid, cell.astype(np.int64)


def square_grid(
    longitude: npt.NDArray[np.float64],
    latitude: npt.NDArray[np.float64],
    *,
    side: float = 152.0,
    areas: float = 3_040.0,
) -> tuple[Grid, npt.NDArray[np.int64]]:
    """Squares of ``side`` metres (500 ft, the cell of the PAI literature) that hold events, and the cell of each event."""
    _enough(longitude)
    middle = np.deg2rad(latitude.mean())
    west, south = longitude.min(), latitude.min()
    column = ((longitude - west) * np.cos(middle) * EARTH_M // side).astype(np.int64)
    row = ((latitude - south) * EARTH_M // side).astype(np.int64)
    ids, cell = np.unique(row * 1_000_000 + column, return_inverse=True)
    rows, columns = ids // 1_000_000, ids % 1_000_000
    block = max(1, round(areas / side))
    grid = Grid(
        id=ids, longitude=west + (columns + 0.5) * side / EARTH_M / np.cos(middle),
        latitude=south + (rows + 0.5) * side / EARTH_M, area_m2=side * side,
        area=np.unique(rows // block * 1_000_000 + columns // block, return_inverse=True)[1].astype(np.int64), resolution=0,
    )  # fmt: skip
    return grid, cell.astype(np.int64)


def _enough(longitude: npt.NDArray[np.float64]) -> None:
    if not len(longitude):
        raise PatrolError("patrol.grid.empty", "There is no event to lay a grid over.")
