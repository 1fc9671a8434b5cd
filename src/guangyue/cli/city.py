"""``guangyue city``: boundaries and addresses in, a look at a place, keys and accounts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guangyue.cli.db import records

if TYPE_CHECKING:
    from guangyue.city.imports.report import Report

__all__ = ["group"]

DATUMS = ("wgs84", "cgcs2000", "cgcs2000-3deg", "gcj02")
SUITES = ("aes-256-gcm", "sm4-gcm")
SHOWN = 20


@click.group(name="city")
def group() -> None:
    """Agencies, units, people, boundaries: import and look up."""


@group.group(name="import")
def import_() -> None:
    """Take over boundaries (GeoJSON) and address lists (CSV)."""


@import_.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--layer", required=True, help="The partition they belong to: county, community, beat, grid…")
@click.option("--datum", type=click.Choice(DATUMS), default="wgs84", show_default=True)
@click.option("--skip-wrong", is_flag=True, help="Store the right rows even if others are wrong.")
def boundaries(file: Path, layer: str, datum: str, skip_wrong: bool) -> None:
    """Boundaries of one layer from a GeoJSON file."""
    with records():
        from guangyue.city.geo.datum import Datum
        from guangyue.city.imports.boundaries import import_boundaries

        _tell(import_boundaries(file, layer, datum=Datum(datum), skip_wrong=skip_wrong))


@import_.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--datum", type=click.Choice(DATUMS), default="wgs84", show_default=True)
@click.option("--skip-wrong", is_flag=True, help="Store the right rows even if others are wrong.")
def addresses(file: Path, datum: str, skip_wrong: bool) -> None:
    """Standard addresses from a CSV file: code, address, lon, lat (or 编码、地址、经度、纬度)."""
    with records():
        from guangyue.city.geo.datum import Datum
        from guangyue.city.imports.addresses import import_addresses

        _tell(import_addresses(file, datum=Datum(datum), skip_wrong=skip_wrong))


@group.command()
@click.argument("lon", type=float)
@click.argument("lat", type=float)
@click.option("--datum", type=click.Choice(DATUMS), default="wgs84", show_default=True)
def where(lon: float, lat: float, datum: str) -> None:
    """What lies at a position: its blocks and the nearest address."""
    with records():
        from guangyue.city.geo.datum import Datum, to_wgs84
        from guangyue.city.places import blocks_at, nearest_address

        try:
            position = to_wgs84(lon, lat, Datum(datum))
        except ValueError as why:
            raise click.ClickException(str(why)) from None
        click.echo(f"WGS-84 {position.lon:.6f} {position.lat:.6f}")
        for block in blocks_at(position):
            click.echo(f"{block.layer:<12}{block.code:<14}{block.name_zh}  {block.area_m2 / 1e6:.2f} km²")
        if near := nearest_address(position):
            click.echo(f"{'address':<12}{near.address.code:<14}{near.address.text}  {near.metres:.0f} m")


@group.group()
def keys() -> None:
    """The keys of personal data: state, rotation, removal of the unused."""


@keys.command()
def make() -> None:
    """Make the keyring of a new installation; refused where there is one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guangyue.web.settings")
    from guangyue.city.personal.installed import keyring_path, suite
    from guangyue.city.personal.keyring import Keyring, save

    path = keyring_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        save(Keyring.new(suite()), path, replacing=False)
    except FileExistsError:
        raise click.ClickException(f"{path} is there already; `keys rotate` brings new keys.") from None
    click.echo(
        f"{path}: keep a copy apart from the database and its backups. Without it no name or number opens again."
    )


@keys.command()
def state() -> None:
    """How many values each key serves."""
    with records():
        from guangyue.city.personal import installed, rotation

        used, ring = rotation.usage(), installed.vault().ring
        for master in ring.masters:
            now = " in use" if master is ring.master else ""
            click.echo(f"master {master.id:<12}{master.suite:<14}{used.masters[master.id]:>9} data keys{now}")
        for number, count in sorted(used.data.items()):
            click.echo(f"data   {number:<12}{'':<14}{count:>9} values")
        for search in ring.searches:
            now = " in use" if search is ring.search else ""
            click.echo(f"search {search.number:<12}{search.suite:<14}{used.search[search.number]:>9} hashes{now}")


@keys.command()
@click.option("--master", is_flag=True, help="A new master key: re-wraps the data keys.")
@click.option("--data", is_flag=True, help="A new data key: values are re-encrypted by `reseal`.")
@click.option("--search", is_flag=True, help="A new search key: hashes are rewritten by `reseal`.")
@click.option("--suite", type=click.Choice(SUITES), help="Cipher of the new keys (default: the setting).")
def rotate(master: bool, data: bool, search: bool, suite: str | None) -> None:
    """Put new keys into use while the city works."""
    if not (master or data or search):
        raise click.UsageError("Say which: --master, --data, --search.")
    with records():
        from guangyue.city.personal import installed, rotation
        from guangyue.city.personal.suites import Suite

        chosen = Suite(suite) if suite else installed.suite()
        if master:
            click.echo(f"master {rotation.add_master(chosen)} in use")
        if data:
            click.echo(f"data key {rotation.add_data_key(chosen)} in use")
        if search:
            click.echo(f"search key {rotation.add_search_key(chosen)} in use")
        if data or search:
            click.echo(f"Wait {rotation.GRACE}, then run `guangyue city keys reseal` and `guangyue city keys drop`.")


@keys.command()
def reseal() -> None:
    """Bring every value under the keys in use; safe to interrupt and to repeat."""
    with records():
        from guangyue.city.personal import rotation

        click.echo(f"{rotation.reseal_all()} values rewritten")


@keys.command()
def drop() -> None:
    """Remove keys that nothing uses any more."""
    with records():
        from guangyue.city.personal import rotation

        gone = rotation.drop_unused()
        click.echo("\n".join(f"{name} removed" for name in gone) or "Nothing to remove.")


@group.command()
@click.option("--system", required=True, metavar="NAME", help="System administrator: accounts, units, settings.")
@click.option("--security", required=True, metavar="NAME", help="Security administrator: roles, keys, lockouts.")
@click.option("--auditor", required=True, metavar="NAME", help="Auditor: reads the logs, changes nothing.")
def begin(system: str, security: str, auditor: str) -> None:
    """Make the first three accounts of an empty installation; three people hold them."""
    with records():
        from guangyue.city.beginning import begin as first_three
        from guangyue.city.errors import CityError

        try:
            made = first_three((system, security, auditor))
        except CityError as why:
            raise click.ClickException(f"{why.text.zh}  {why.text.en}") from why
    for one in made:
        click.echo(f"{one.role:<16}{one.username:<20}first password: {one.password}")
    click.echo("Hand each over in person. Each signs in now, sets a password and enrols a second factor.")


@group.command()
def daily() -> None:
    """The daily round: close unused accounts, clear ended sessions."""
    with records():
        from guangyue.city import clock
        from guangyue.city.accounts.closing import disable_stale
        from guangyue.city.accounts.sessions import SessionStore

        click.echo(f"{disable_stale(clock.now())} accounts closed after 30 days without use")
        SessionStore.clear_expired()


def _tell(report: Report) -> None:
    for problem in report.problems[:SHOWN]:
        click.echo(f"{problem.say('zh')}  {problem.say('en')}", err=True)
    if len(report.problems) > SHOWN:
        click.echo(f"… {len(report.problems) - SHOWN}", err=True)
    click.echo(f"{report.read} stored, {len(report.problems)} wrong")
    if report.problems:
        raise SystemExit(1)
