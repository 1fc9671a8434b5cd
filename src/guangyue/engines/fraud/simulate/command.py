"""``guangyue fraud simulate``: an invented city's records with known scams in them."""

from __future__ import annotations

from pathlib import Path

import click

from guangyue.engines.fraud.simulate import FROZEN, ScriptError, Settings, World, load, write

__all__ = ["simulate"]

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_NEW = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.option(
    "--into", type=_NEW, required=True, help="Folder for one Parquet file a source, the truth, the residents."
)
@click.option("--seed", default=1, show_default=True, help="Everything follows from it.")
@click.option("--residents", default=2_000, show_default=True)
@click.option("--towns", default=20, show_default=True)
@click.option("--days", default=60, show_default=True)
@click.option("--quiet-days", default=10, show_default=True, help="No scam begins before; windows fill up.")
@click.option("--cases", default=7.0, show_default=True, help="Scams begun a month and 1,000 residents.")
@click.option("--scripts", type=_FOLDER, help="Scripts (TOML) to play instead of those that come with the simulator.")
def simulate(
    *, into: Path, seed: int, residents: int, towns: int, days: int, quiet_days: int, cases: float, scripts: Path | None
) -> None:
    """Simulate telecom, bank and network records of a city's residents, with scams whose truth is known."""
    if into.exists() and any(into.iterdir()) and not (into / "run.json").exists():
        raise click.ClickException(f"{into} holds other files than a simulated run's; name a folder of its own")
    try:
        settings = Settings(seed=seed, residents=residents, towns=towns, days=days, quiet_days=quiet_days, cases=cases)
        world = World(settings, load(scripts))
    except ScriptError as error:
        raise click.ClickException("the scripts have faults:\n" + "\n".join(f"  {f}" for f in error.faults)) from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    with click.progressbar(length=days, label="simulate") as bar:
        records = write(world, into, lambda done, _: bar.update(done - bar.pos))
    scams = [c for c in world.cases if c.scam]
    complete = sum(c.complete for c in scams)
    click.echo(f"{records:,} records of {residents:,} residents over {days} days in {into}")
    click.echo(
        f"{len(scams)} scams begun, {complete} in which the money leaves; {len(world.cases) - len(scams)} look-alikes"
    )
    click.echo(f"scripts {world.digest}" + ("" if world.digest == FROZEN else " (not the frozen set)"))
