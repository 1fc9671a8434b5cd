"""Maps and curves as pictures: ink on paper, one hue for heat, a legend in plain numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from guangyue.engines.patrol.backtest import OURS, Backtest
from guangyue.engines.patrol.plan import Crew, Plan
from guangyue.engines.patrol.tables import cell_outline

__all__ = ["curves", "heat", "routes"]

PAPER, INK, HAIR = "#FBFAF7", "#1B2430", "#D8D4CA"
BLUES = ("#E3EAF5", "#B9CBE8", "#86A6D8", "#4C79BF", "#1F4E9E", "#12305F")
ROUTES = (
    "#1F4E9E", "#B4552D", "#2F7D4F", "#7A4FA3", "#A67C00", "#0F7F8C", "#B03060", "#5B6B2F",
    "#8C4A2F", "#3F5F9F", "#D0803A", "#4F8A8B", "#6E3B6E", "#9A9A2E", "#C2566E",
)  # fmt: skip


def _figure(width: float, height: float) -> Any:  # noqa: ANN401 - matplotlib has no types of its own
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=130, facecolor=PAPER)
    FigureCanvasAgg(figure)
    return figure


def _map(figure: Any, longitude: Any, latitude: Any, title: str) -> Any:  # noqa: ANN401 - matplotlib and arrays
    axes = figure.add_axes((0.01, 0.01, 0.98, 0.93))
    axes.set_facecolor(PAPER)
    axes.set_aspect(1 / np.cos(np.deg2rad(float(np.mean(latitude)))))
    edge = 0.02 * max(float(np.ptp(longitude)), float(np.ptp(latitude)), 1e-3)
    axes.set_xlim(float(np.min(longitude)) - edge, float(np.max(longitude)) + edge)
    axes.set_ylim(float(np.min(latitude)) - edge, float(np.max(latitude)) + edge)
    axes.axis("off")
    figure.text(0.02, 0.962, title, color=INK, fontsize=11, va="center")
    return axes


def heat(table: pl.DataFrame, path: Path, title: str) -> None:
    """Expected calls per cell over all slots; classes by equal shares of the calls, so each colour matters alike."""
    from matplotlib.collections import PolyCollection
    from matplotlib.patches import Patch

    summed = table.group_by("cell", maintain_order=True).agg(
        pl.col("expected").sum(), pl.col("longitude").first(), pl.col("latitude").first()
    )
    value = summed["expected"].to_numpy()
    order = np.argsort(value)
    mass = np.cumsum(value[order]) / max(value.sum(), 1e-12)
    limits = [
        float(value[order][min(int(np.searchsorted(mass, q)), len(value) - 1)]) for q in (0.1, 0.25, 0.45, 0.65, 0.85)
    ]
    kind = np.searchsorted(np.array(limits), value, side="right")
    figure = _figure(8.0, 9.2)
    axes = _map(figure, summed["longitude"].to_numpy(), summed["latitude"].to_numpy(), title)
    rings = [cell_outline(c) for c in summed["cell"]]
    if all(rings):
        axes.add_collection(PolyCollection(rings, facecolors=[BLUES[k] for k in kind], edgecolors="none"))
    else:
        axes.scatter(summed["longitude"], summed["latitude"], s=2, c=[BLUES[k] for k in kind], marker="s")
    bounds = [0.0, *limits, float(value.max(initial=0.0))]
    patches = [
        Patch(color=BLUES[k], label=f"{bounds[k]:.2g} to {bounds[k + 1]:.2g}  ({int((kind == k).sum()):,} cells)")
        for k in range(len(BLUES))
    ]
    axes.legend(handles=patches, title="expected calls per cell", loc="lower left", frameon=False, fontsize=8)
    figure.savefig(path)


def curves(result: Backtest, path: Path, title: str, area_m2: float) -> None:
    """PEI over the area watched (left) and PAI (right), ours against every simple map."""
    figure = _figure(10.5, 4.6)
    km2 = np.array(result.curve_cells) * area_m2 / 1e6
    greys = iter(("#B4552D", "#C9A227", "#2F7D4F", "#8A93A0", "#C3BDB0"))
    hues = {name: BLUES[4] if name == OURS else next(greys) for name in result.curve_pei}
    for number, (label, lines) in enumerate((("PEI", result.curve_pei), ("PAI", result.curve_pai))):
        axes = figure.add_axes((0.07 + 0.48 * number, 0.13, 0.42, 0.75))
        axes.set_facecolor(PAPER)
        for name, line in lines.items():
            axes.plot(
                km2,
                line,
                color=hues[name],
                lw=2.4 if name == OURS else 1.3,
                label=name,
                zorder=3 if name == OURS else 2,
            )
        axes.set_xscale("log")
        axes.set_xlabel("area watched, km²", color=INK)
        axes.set_title(label, loc="left", color=INK, fontsize=10)
        axes.axvline(result.cells * area_m2 / 1e6, color=HAIR, lw=1, zorder=1)
        axes.spines[["top", "right"]].set_visible(False)
        if number == 1:
            axes.legend(frameon=False, fontsize=8)
    figure.text(0.07, 0.95, title, color=INK, fontsize=11)
    figure.savefig(path)


def routes(
    made: Plan, crews: tuple[Crew, ...], longitude: Any, latitude: Any, expected: Any, path: Path, title: str, *,  # noqa: ANN401 - arrays
    streets: Any = None,  # noqa: ANN401 - matplotlib segments
) -> None:  # fmt: skip
    """Routes from stop to stop over the cells' expected calls, outposts as squares, streets as hairlines."""
    from matplotlib.collections import LineCollection
    from matplotlib.lines import Line2D

    figure = _figure(9.0, 9.4)
    cells = len(expected)
    axes = _map(figure, longitude, latitude, title)
    if streets is not None:
        axes.add_collection(LineCollection(streets, colors=HAIR, linewidths=0.35, zorder=1))
    size = 4 + 90 * np.asarray(expected) / max(float(np.max(expected)), 1e-9)
    axes.scatter(longitude[:cells], latitude[:cells], s=size, color="#86A6D8", alpha=0.55, linewidths=0, zorder=2)
    for k, crew in enumerate(crews):
        places = [s.place for s in made.stops if s.crew == k]
        line = [crew.start, *places, crew.start if crew.end is None else crew.end]
        style = ":" if crew.profile else "-"
        axes.plot(longitude[line], latitude[line], style, color=ROUTES[k % len(ROUTES)], lw=1.3, alpha=0.9, zorder=3)
        axes.scatter(longitude[places], latitude[places], s=9, color=ROUTES[k % len(ROUTES)], zorder=4)
    posts = list(made.outposts)
    axes.scatter(
        longitude[posts], latitude[posts], marker="s", s=60, color="#FFFFFF", edgecolors=INK, linewidths=1.6, zorder=5
    )
    starts = sorted({c.start for c in crews})
    axes.scatter(longitude[starts], latitude[starts], marker="^", s=70, color=INK, zorder=5)
    legend = [
        Line2D([], [], color=ROUTES[0], label=f"{len(crews)} routes, stop to stop"),
        Line2D(
            [],
            [],
            marker="s",
            color="none",
            markerfacecolor="#FFFFFF",
            markeredgecolor=INK,
            label=f"{len(posts)} outposts",
        ),
        Line2D([], [], marker="^", color="none", markerfacecolor=INK, markeredgecolor=INK, label="stations"),
        Line2D(
            [], [], marker="o", color="none", markerfacecolor="#86A6D8", markeredgecolor="none", label="expected calls"
        ),
    ]
    figure.legend(handles=legend, loc="upper right", ncols=4, frameon=False, fontsize=8, bbox_to_anchor=(0.99, 0.985))
    figure.savefig(path)
