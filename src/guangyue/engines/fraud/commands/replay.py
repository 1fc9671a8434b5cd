"""``guangyue fraud replay``: a recorded stream through the engine, with progress, snapshots and what was refused."""

from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
import polars as pl

from guangyue.engines.fraud.catalogue import CATALOGUE
from guangyue.engines.fraud.engine import Settings
from guangyue.engines.fraud.ingest import Rejects, read_folder
from guangyue.engines.fraud.replay import Raised, Replay, threshold
from guangyue.engines.fraud.schema import SLOTS
from guangyue.engines.fraud.sources import SOURCES
from guangyue.engines.fraud.stream.plan import Plan, build

if TYPE_CHECKING:
    from guangyue.engines.fraud.batch import Batch, Result
    from guangyue.engines.fraud.engine import Engine


def load_stream(folder: Path, salt_file: Path | None) -> tuple[Plan, Batch, Rejects]:
    """The plan, the recorded stream and what was refused of it.

    Raises:
        click.ClickException: when the folder holds no record of any source.
    """
    plan = build(CATALOGUE, SOURCES)
    rejects = Rejects()
    salt = salt_file.read_bytes().strip() if salt_file else b""
    stream = read_folder(folder, SOURCES, plan.columns, rejects, salt=salt)
    if not len(stream) and not rejects.total:
        names = ", ".join(s.code for s in SOURCES[:3])
        raise click.ClickException(f"{folder} holds no file of any source ({names}, … as .parquet or .csv)")
    return plan, stream, rejects


class Vectors:
    """Writes the vectors beside the events they belong to: a file a batch, and one for the corrections it made."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.plan = folder, plan

    def write(self, batch: Batch, result: Result) -> None:
        """One batch; the files are named by its first event, so a batch done again replaces its own."""
        codes = [s.code for s in self.plan.sources]
        part = f"{codes[int(batch.source[0])]}-{int(batch.offset[0])}" if len(batch) else "none"
        head = {
            "source": [codes[k] for k in batch.source.tolist()], "offset": batch.offset, "time": batch.time,
            "status": result.status,
        }  # fmt: skip
        named = {name: result.values[:, k] for k, name in enumerate(self.plan.names)}
        pl.DataFrame({**head, **named}).write_parquet(self.folder / f"vectors-{part}.parquet")
        fix = result.corrections
        if len(fix):
            head = {
                "source": [codes[k] for k in fix.source.tolist()], "offset": fix.offset, "time": fix.time,
                "slot": [SLOTS[k] for k in fix.slot.tolist()],
            }  # fmt: skip
            numbered = {f"feature_{k}": fix.values[:, k] for k in range(fix.values.shape[1])}
            pl.DataFrame({**head, **numbered}).write_parquet(self.folder / f"corrections-{part}.parquet")


def write_rejects(path: Path, rejects: Rejects) -> None:
    """The reject stream: counts, then a few records of each kind."""
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["source", "column", "reason", "count", "row", "value"])
        for (source, column, reason), n in rejects.counts.most_common():
            out.writerow([source, column, reason, n, "", ""])
        for r in rejects.samples:
            out.writerow([r.source, r.column, r.reason, "", r.row, r.value])


def summary(engine: Engine, rejects: Rejects, seconds: float, fed: int) -> None:
    """What happened, in a few lines."""
    c = engine.counters()
    rate = f"{fed / seconds:,.0f} events/s" if fed else "-"
    click.echo(f"taken {c.taken:,} ({rate}); late {c.late:,}; seen before {c.duplicate:,}; refused {rejects.total:,}")
    click.echo(
        f"put in order {c.out_of_order:,}; service numbers {c.service:,}; left early by the cap {c.left_early:,}"
    )
    click.echo(f"live entities {c.entities:,}; records in windows {c.records:,}; state {c.bytes / 2**20:,.0f} MiB")
    for hot in engine.hot()[:5]:
        click.echo(f"  hot {hot.entity} {hot.token:x}: {hot.left_early:,} records left early")


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
NEW_FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_LONG = 2_000_000  # from here on a kernel of the plan's own is worth a minute of compilation
COMPLETE = (("person.overseas_share_pay", 3.0), ("person.call_install_share", 3.0), ("person.loan_code_pay", 3.0))
"""Sequences whose last step makes a line in the alerts; the rules of scoring are run by `backtest`."""


@click.command()
@click.argument("data", type=FOLDER)
@click.option("--into", type=NEW_FOLDER, required=True, help="Snapshots, alerts, what was refused.")
@click.option("--batch", default=10_000, show_default=True, help="Events in a micro-batch.")
@click.option("--every", default=50, show_default=True, help="Batches between snapshots.")
@click.option("--vectors", type=NEW_FOLDER, help="Write every vector and correction to Parquet files here.")
@click.option("--salt-file", type=FILE, help="For tokens given as text.")
def replay(data: Path, into: Path, batch: int, every: int, vectors: Path | None, salt_file: Path | None) -> None:
    """Run a recorded stream through the engine; stop and start as you like, it goes on where it was.

    DATA holds one file for each source: <source>.parquet or <source>.csv.
    """
    plan, stream, rejects = load_stream(data, salt_file)
    into.mkdir(parents=True, exist_ok=True)
    write_rejects(into / "rejects.csv", rejects)
    fires = threshold(plan, COMPLETE)
    writer = Vectors(vectors, plan) if vectors else None

    def hook(part: Batch, result: Result) -> list[Raised]:
        if writer:
            writer.write(part, result)
        return list(fires(part, result))

    settings = Settings(special=len(stream) >= _LONG)
    run = Replay(plan, hook, into, settings=settings, batch=batch, every=every)
    for passed in run.refused:
        click.echo(f"passed over: {passed.reason}", err=True)
    began, start = time.perf_counter(), run.position
    if start:
        click.echo(f"going on after {start:,} events")
    with click.progressbar(range(len(stream)), label="replay", length=len(stream)) as bar:
        bar.update(start)
        run.run(stream, lambda done, _: bar.update(done - bar.pos))
    summary(run.engine, rejects, time.perf_counter() - began, len(stream) - start)
    click.echo(f"alerts of complete sequences: {len(run.log.alerts):,} in {run.log.path}")
