"""Maps and curves as pictures: ink on paper, one hue for heat, a legend in plain numbers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from guangyue.engines.patrol.backtest import OURS, Backtest
from guangyue.engines.patrol.drives import Leg
from guangyue.engines.patrol.place import Located
from guangyue.engines.patrol.plan import Plan
from guangyue.engines.patrol.review import Review
from guangyue.engines.patrol.simulate.scenario import TIER_S
from guangyue.engines.patrol.simulate.simulate import Outcome
from guangyue.engines.patrol.tables import cell_outline

__all__ = ["curves", "heat", "responses", "routes", "weeks"]

Floats = npt.NDArray[np.float64]

PAPER, INK, HAIR = "#FBFAF7", "#1B2430", "#D8D4CA"
BLUES = ("#E3EAF5", "#B9CBE8", "#86A6D8", "#4C79BF", "#1F4E9E", "#12305F")
ROUTES = (
    "#1F4E9E", "#B4552D", "#2F7D4F", "#7A4FA3", "#A67C00", "#0F7F8C", "#B03060", "#5B6B2F",
    "#8C4A2F", "#3F5F9F", "#D0803A", "#4F8A8B", "#6E3B6E", "#9A9A2E", "#C2566E",
)  # fmt: skip
CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "SimHei",
    "PingFang SC",
)
LATIN_END = 0x250


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


def routes(made: Plan, ready: Located, ways: tuple[Leg, ...], expected: Floats, path: Path, title: str) -> None:
    """Rounds along the streets over the cells' expected calls, outposts as squares; each round's longest street named."""
    from matplotlib.collections import LineCollection
    from matplotlib.lines import Line2D

    longitude, latitude, crews = ready.longitude, ready.latitude, ready.crews
    figure = _figure(9.0, 9.7)
    shown = np.concatenate([np.column_stack([longitude, latitude]), *(leg.line for leg in ways)])
    axes = _map(figure, shown[:, 0], shown[:, 1], title)
    axes.set_position((0.01, 0.01, 0.98, 0.90))
    axes.add_collection(LineCollection(list(ready.streets), colors=HAIR, linewidths=0.35, zorder=1))
    size = 4 + 90 * expected / max(float(np.max(expected, initial=0.0)), 1e-9)
    cells = len(expected)
    axes.scatter(longitude[:cells], latitude[:cells], s=size, color="#86A6D8", alpha=0.55, linewidths=0, zorder=2)
    for leg in ways:
        style = ":" if crews[leg.crew].profile else "-"
        axes.plot(*leg.line.T, style, color=ROUTES[leg.crew % len(ROUTES)], lw=1.5, alpha=0.85, zorder=3)
    for k in range(len(crews)):
        places = [s.place for s in made.stops if s.crew == k]
        axes.scatter(longitude[places], latitude[places], s=11, color=ROUTES[k % len(ROUTES)], zorder=4)
        steps = [step for leg in ways if leg.crew == k for step in leg.steps if _writable(step.name)]
        if steps:
            longest = max(steps, key=lambda step: step.metres)
            axes.annotate(
                longest.name, (longest.lon, longest.lat), xytext=(4, 4), textcoords="offset points", fontsize=6.5,
                color=ROUTES[k % len(ROUTES)], family=_fonts(), zorder=7, annotation_clip=True,
                bbox={"boxstyle": "round,pad=0.15", "facecolor": PAPER, "edgecolor": "none", "alpha": 0.8},
            )  # fmt: skip
    posts, starts = list(made.outposts), sorted({c.start for c in crews})
    post = {"marker": "s", "edgecolors": INK, "linewidths": 1.6, "zorder": 5}
    axes.scatter(longitude[posts], latitude[posts], s=60, color="#FFFFFF", **post)
    axes.scatter(longitude[starts], latitude[starts], marker="^", s=70, color=INK, zorder=5)
    blank: dict[str, Any] = {"color": "none", "marker": "s", "markeredgecolor": INK}
    legend = [
        Line2D([], [], color=ROUTES[0], label=f"{len(crews)} rounds along the streets"),
        Line2D([], [], **blank, markerfacecolor="#FFFFFF", label=f"{len(posts)} outposts"),
        Line2D([], [], **blank | {"marker": "^"}, markerfacecolor=INK, label="stations"),
        Line2D([], [], **blank | {"marker": "o", "markeredgecolor": "none"}, markerfacecolor="#86A6D8", label="expected calls"),
    ]  # fmt: skip
    if any(c.profile for c in crews):
        legend.insert(1, Line2D([], [], color=ROUTES[0], linestyle=":", label="drone"))
    figure.legend(handles=legend, loc="upper left", ncols=5, frameon=False, fontsize=8, bbox_to_anchor=(0.01, 0.952))
    figure.savefig(path)


def responses(played: dict[str, Outcome], path: Path, title: str) -> None:
    """How soon crews were there under each rule (left), and the 1-3-5 classes against their times (right)."""
    figure = _figure(10.5, 4.6)
    hues = dict(zip(played, (BLUES[4], ROUTES[1], ROUTES[2]), strict=False))
    left = figure.add_axes((0.07, 0.13, 0.50, 0.73))
    right = figure.add_axes((0.66, 0.13, 0.32, 0.73))
    kinds = sorted({int(k) for run in played.values() for k in np.unique(run.city.site)})
    for number, (name, run) in enumerate(played.items()):
        minutes = np.sort(run.response_ms[run.arrival_ms[:, 0] >= 0]) / 60_000
        share = np.arange(1, len(minutes) + 1) / max(len(minutes), 1)
        thin = slice(None, None, max(1, len(minutes) // 2000))
        left.plot(minutes[thin], share[thin], color=hues[name], lw=2.0, label=f"{name}, all calls")
        urgent = np.sort(run.response_ms[(run.calls.priority == 1) & (run.arrival_ms[:, 0] >= 0)]) / 60_000
        left.plot(
            urgent, np.arange(1, len(urgent) + 1) / max(len(urgent), 1), color=hues[name], lw=1.2, ls="--",
            label=f"{name}, urgent",
        )  # fmt: skip
        site = run.city.site[run.calls.place]
        met = [
            float(np.mean(run.response_ms[(site == k) & (run.arrival_ms[:, 0] >= 0)] <= TIER_S[k] * 1000))
            for k in kinds
        ]
        at = np.arange(len(kinds)) + 0.8 * (number + 0.5) / len(played) - 0.4
        bars = right.bar(at, met, width=0.72 / len(played), color=hues[name], label=name)
        right.bar_label(bars, fmt=lambda v: f"{v:.0%}", fontsize=8, color=INK)
    left.set_xlim(0, max(float(np.percentile(run.response_ms, 99)) for run in played.values()) / 60_000)
    left.set_ylim(0, 1)
    left.set_xlabel("minutes from the first ring", color=INK)
    left.set_title("share of calls with a crew there", loc="left", color=INK, fontsize=10)
    left.legend(frameon=False, fontsize=8, loc="lower right")
    right.set_xticks(range(len(kinds)), [f"{TIER_S[k] // 60} min" for k in kinds])
    right.set_ylim(0, 1)
    right.set_title("first crew in the time of the site's class", loc="left", color=INK, fontsize=10)
    for axes in (left, right):
        axes.set_facecolor(PAPER)
        axes.spines[["top", "right"]].set_visible(False)
    figure.text(0.07, 0.95, title, color=INK, fontsize=11)
    figure.savefig(path)


def weeks(found: Review, path: Path, title: str) -> None:
    """The standing plan and the candidates, held-out week by week."""
    figure = _figure(8.5, 3.8)
    axes = figure.add_axes((0.09, 0.2, 0.88, 0.66))
    axes.set_facecolor(PAPER)
    day = np.array(found.origins, "datetime64[D]")
    axes.plot(day, found.standing, color=INK, marker="o", ms=4, lw=1.6, label="standing plan")
    axes.plot(day, found.candidate, color=BLUES[4], marker="o", ms=4, lw=1.6, label="plan made before each week")
    axes.set_ylabel("share of calls near", color=INK)
    axes.tick_params(axis="x", labelrotation=25, labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8)
    figure.text(0.09, 0.94, title, color=INK, fontsize=11)
    figure.savefig(path)


@cache
def _fonts() -> list[str]:
    """Latin first, then whatever Chinese font is installed."""
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return ["DejaVu Sans", *(name for name in CHINESE_FONTS if name in installed)]


def _writable(name: str) -> bool:
    """Whether a name can be drawn with the fonts that are there."""
    return bool(name) and (len(_fonts()) > 1 or all(ord(letter) < LATIN_END for letter in name))
