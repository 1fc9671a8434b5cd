"""``guangyue roads``: build a street graph and ask it who is nearest, how long, which way, how far."""

from __future__ import annotations

import functools
import json
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import polars as pl

from guangyue.engines.roads import PROFILES, UNREACHED, Network, RoadsError, load, save
from guangyue.engines.roads.draw import collection, isochrone_features, picture, point_features, route_features
from guangyue.engines.roads.isochrone import isochrones
from guangyue.engines.roads.read import build
from guangyue.engines.roads.route import route
from guangyue.engines.roads.tables import read_table
from guangyue.law.override import override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from guangyue.engines.roads import Graph, Places
    from guangyue.engines.roads.isochrone import Direction

FILE = click.Path(path_type=Path, dir_okay=False)
BESIDE_M = 50.0


class Position(click.ParamType[tuple[float, float]]):
    """``LON,LAT`` in WGS-84 degrees."""

    name = "lon,lat"

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, float]:  # noqa: ANN401
        """Two numbers out of a text."""
        if isinstance(value, tuple):
            return value
        try:
            lon, lat = (float(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"{value!r} is not LON,LAT such as 116.0,36.45", param, ctx)
        return lon, lat


@contextmanager
def told() -> Iterator[None]:
    """An engine's refusal as one sentence in the language asked for."""
    try:
        yield
    except RoadsError as error:
        raise click.ClickException(f"{error.text.of(language())} [{error.code}]") from error


def language() -> str:
    """The language asked for with ``--lang``."""
    return click.get_current_context().find_object(str) or "zh"


def driving(command: Callable[..., None]) -> Callable[..., None]:
    """The graph file and the options that say how one drives; the command receives a :class:`Network` for them."""

    @functools.wraps(command)
    def opened(*, graph: Path, profile: str, hour: int | None, day_off: bool, exact: bool, **rest: object) -> None:
        with told():
            command(Network(load(graph), profile, hour=hour, day_off=day_off, exact=exact), **rest)

    for option in (
        click.option("--exact", is_flag=True, help="Answer by SciPy alone."),
        click.option("--day-off", is_flag=True, help="Traffic of weekends and holidays."),
        click.option("--hour", type=int, help="Traffic of this hour, 0 to 23; without it the daily mean."),
        click.option("--profile", type=click.Choice(sorted(PROFILES)), default="siren", show_default=True),
        click.argument("graph", type=FILE),
    ):
        opened = option(opened)
    return opened


def positions(path: Path) -> pl.DataFrame:
    """A table with ``id``, ``lon``, ``lat``."""
    table = read_table(path)
    for column in ("id", "lon", "lat"):
        if column not in table.columns:
            raise RoadsError("roads.column", source=path.name, column=column, present=", ".join(table.columns))
    try:
        return table.select(pl.col("id"), pl.col("lon").cast(pl.Float64), pl.col("lat").cast(pl.Float64))
    except pl.exceptions.PolarsError as error:
        raise RoadsError("roads.broken_extract", path=path, why="lon and lat are not numeric") from error


def written(path: Path | None, found: dict[str, Any]) -> None:
    """Write GeoJSON, if asked for, and say where."""
    if path is not None:
        path.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        click.echo(f"→ {path}", err=True)


def snapped(network: Network, at: tuple[float, float]) -> Places:
    """A place on the nearest street; said when that is not right beside it."""
    place = network.snap(at[0], at[1])
    if place.metres[0] > BESIDE_M:
        zh = f"! 位置距最近的道路{place.metres[0]:.0f}米。"
        en = f"! The place is {place.metres[0]:.0f} m from the nearest street."
        click.echo(zh if language() == "zh" else en, err=True)
    return place


def drawn(path: Path, network: Network, **what: Any) -> None:  # noqa: ANN401 - handed on to picture()
    """Draw a map and say where."""
    picture(path, network.graph, **what)
    click.echo(f"→ {path}", err=True)


@click.group()
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", envvar="GUANGYUE_LANG", show_default=True)
@click.pass_context
def group(ctx: click.Context, lang: str) -> None:
    """The street graph: build, nearest crew, matrix, route, isochrone."""
    ctx.obj = lang


@group.command("build")
@click.argument("source", type=FILE)
@click.option("-o", "--into", type=FILE, required=True, help="The graph file to write, e.g. city.roads.")
@click.option("--nodes", type=FILE, help="The node table (id, lon, lat) beside an arc table.")
@click.option("--least-share", type=click.FloatRange(0, 1), default=0.5, show_default=True,
              help="The largest connected part must hold this share of all street length.")  # fmt: skip
def build_(source: Path, into: Path, nodes: Path | None, least_share: float) -> None:
    """Build a graph from SOURCE: .osm.pbf, .osm(.gz), .geojson, arc table (.csv, .parquet), JEMSS .zip."""
    began = time.perf_counter()
    with told():
        built = build(source, nodes=nodes, least_share=least_share)
        click.echo(f"read {built.ways:,} ways in {time.perf_counter() - began:.1f} s", err=True)
        graph = save(built.graph, into)
    facts = {
        "share_kept": round(built.share, 4), "missing_points": built.missing_points,
        "restrictions": built.restrictions, "restrictions_unused": built.unused_restrictions,
    }  # fmt: skip
    click.echo(json.dumps(graph.summary() | facts, ensure_ascii=False, indent=1))
    click.echo(f"→ {into} ({into.stat().st_size / 1e6:.1f} MB) in {time.perf_counter() - began:.1f} s", err=True)


@group.command()
@click.argument("graph", type=FILE)
@click.option("--png", type=FILE, help="A picture of all streets.")
def info(graph: Path, png: Path | None) -> None:
    """What a graph file holds."""
    with told():
        streets: Graph = load(graph)
    click.echo(json.dumps(streets.summary(), ensure_ascii=False, indent=1))
    if png is not None:
        picture(png, streets, title=f"{streets.source}: {streets.summary()['km']} km")
        click.echo(f"→ {png}", err=True)


@group.command()
@driving
@click.option("--crews", "crews_path", type=FILE, required=True, help="A table with id, lon, lat.")
@click.option("--at", type=Position(), required=True, help="The place, LON,LAT.")
@click.option("-k", type=click.IntRange(1), default=5, show_default=True, help="How many to name.")
@click.option("--geojson", type=FILE, help="All crews with their times, and the way of the first.")
@click.option("--png", type=FILE, help="A map with the way of the first.")
def nearest(
    network: Network, crews_path: Path, at: tuple[float, float], k: int, geojson: Path | None, png: Path | None
) -> None:
    """The crews that reach a place soonest, by travel time, ties by id."""
    crews = positions(crews_path)
    lon, lat, ids = crews["lon"].to_numpy(), crews["lat"].to_numpy(), crews["id"].to_list()
    standing, place = network.snap(lon, lat), snapped(network, at)
    found = network.nearest(ids, standing, place)
    if not found:
        raise click.ClickException("no crew can come / 没有警组能够到达")
    for arrival in found[:k]:
        click.echo(f"{arrival.crew}\t{arrival.seconds:.1f} s")
    row = {crew: i for i, crew in enumerate(ids)}
    way = route(network, standing.take([row[found[0].crew]]), place)
    times = {a.crew: a.seconds for a in found}
    points = point_features(lon, lat, [{"crew": i, "seconds": times.get(i)} for i in ids])
    written(geojson, collection([*points, *route_features(way, language())]))
    if png is not None:
        marks = np.column_stack([lon, lat])
        near = marks[[row[a.crew] for a in found[:k]]]
        title = f"{network.profile.name}: {found[0].crew}, {found[0].seconds:.0f} s"
        drawn(png, network, ways=[way], marks=marks, focus=near, place=at, title=title)


@group.command()
@driving
@click.option("--from", "sources", type=FILE, required=True, help="A table with id, lon, lat.")
@click.option("--to", "targets", type=FILE, required=True, help="A table with id, lon, lat.")
@click.option("-o", "--into", type=FILE, required=True, help=".csv or .parquet: from, to, seconds.")
def matrix(network: Network, sources: Path, targets: Path, into: Path) -> None:
    """Travel times from every source to every target, in seconds; empty where no way leads."""
    one, two = positions(sources), positions(targets)
    begin, end = (network.snap(t["lon"].to_numpy(), t["lat"].to_numpy()) for t in (one, two))
    began = time.perf_counter()
    ms = network.matrix(begin, end)
    click.echo(f"{len(one)} × {len(two)} in {time.perf_counter() - began:.2f} s", err=True)
    columns = {
        "from": np.repeat(one["id"].to_numpy(), len(two)),
        "to": np.tile(two["id"].to_numpy(), len(one)),
        "seconds": ms.ravel() / 1000,
    }
    table = pl.DataFrame(columns).with_columns(pl.when(pl.col("seconds") < UNREACHED / 1000).then(pl.col("seconds")))
    if into.suffix == ".parquet":
        table.write_parquet(into)
    else:
        table.write_csv(into)
    click.echo(f"→ {into}", err=True)


@group.command("route")
@driving
@click.option("--from", "source", type=Position(), required=True, help="LON,LAT.")
@click.option("--to", "target", type=Position(), required=True, help="LON,LAT.")
@click.option("--geojson", type=FILE, help="The line and its instructions.")
@click.option("--png", type=FILE, help="A map.")
def route_(
    network: Network, source: tuple[float, float], target: tuple[float, float], geojson: Path | None, png: Path | None
) -> None:
    """The quickest way with its turns and street names."""
    found = route(network, snapped(network, source), snapped(network, target))
    click.echo(f"{found.ms / 60000:.1f} min, {found.metres / 1000:.2f} km")
    for step in found.steps:
        click.echo(f"{step.metres:7.0f} m  {step.text.of(language())}")
    written(geojson, collection(route_features(found, language())))
    if png is not None:
        last = (float(found.line[-1][0]), float(found.line[-1][1]))
        drawn(png, network, ways=[found], marks=found.line[:1], place=last)


@group.command()
@driving
@click.option("--at", type=Position(), required=True, multiple=True, help="LON,LAT; of several the nearest counts.")
@click.option("--minutes", default="1,3,5", show_default=True, help="Limits, separated by commas.")
@click.option("--direction", type=click.Choice(["to", "from"]), default="from", show_default=True,
              help="How far a crew gets, or from where one arrives in time.")  # fmt: skip
@click.option("--geojson", type=FILE, help="One polygon per limit.")
@click.option("--png", type=FILE, help="A map.")
def isochrone(
    network: Network,
    at: tuple[tuple[float, float], ...],
    minutes: str,
    direction: Direction,
    geojson: Path | None,
    png: Path | None,
) -> None:
    """What lies within some minutes of a place, or of the nearest of several."""
    try:
        limits = [float(part) * 60 for part in minutes.split(",")]
    except ValueError as error:
        message = f"{minutes!r} is not a list of numbers such as 1,3,5"
        raise click.BadParameter(message, param_hint="--minutes") from error
    places = network.snap([lon for lon, _ in at], [lat for _, lat in at])
    found = isochrones(network, places, limits, direction=direction)
    for band in found:
        click.echo(f"{band.seconds / 60:g} min\t{band.metres / 1000:.1f} km of street")
    written(geojson, collection(isochrone_features(found)))
    if png is not None:
        one = at[0] if len(at) == 1 else None
        drawn(png, network, bands=found, marks=np.array(at), place=one, title=f"{direction}, {network.profile.name}")
