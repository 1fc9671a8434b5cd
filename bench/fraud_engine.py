"""The fraud engine beside Flink SQL, river, Polars and DuckDB; its density, memory, cores and restarts.

The ten-feature workload: 24 h of events on unique milliseconds over 200,000 keys with a Zipf tail (s = 1.1, the busiest
has about an eighth of all), ten exact features over (t - 1 h, t] for every event. Every peer computes the same values
from the same events in the same run, and they are compared before a time is believed. Where a peer is slow it gets a
beginning of the stream, and so do we for its ratio. The engine runs in one thread.
"""

from __future__ import annotations

import json
import multiprocessing
import operator
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from bench import peers
from bench.table import Bench, Row, missing, row
from guangyue.engines.fraud.batch import Batch
from guangyue.engines.fraud.engine import Engine, Settings
from guangyue.engines.fraud.features import Agg, Feature
from guangyue.engines.fraud.replay import AlertLog
from guangyue.engines.fraud.schema import Sensitivity, Source, code, fen, token
from guangyue.engines.fraud.shards import Shards
from guangyue.engines.fraud.sources import SOURCES
from guangyue.engines.fraud.stream.plan import build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from multiprocessing.synchronize import Barrier

HERE = Path(__file__).parent
ROOT = HERE.parent
EVENTS, SOME, FEW, RIVER = 2_000_000, 500_000, 100_000, 60_000
HOUR = 3_600_000
KILLS = int(os.environ.get("GUANGYUE_KILLS", "50"))
CORES_ROUNDS, CORES_HOURS = 9, 14
NAMES = ("n", "sum", "mean", "max", "min", "std", "some", "some_sum", "distinct", "first")


def plan10() -> Any:  # noqa: ANN401
    """The ten features."""
    source = Source(
        code="pay", zh="支付", en="Payments", owner="bench", basis=("none: invented",), sensitivity=Sensitivity.GENERAL,
        lateness=timedelta(0), idle=timedelta(0),
        columns=(token("person", "人"), fen("amount", "额"), token("other", "彼"), code("kind", "类", "a", "b", "c", "d")),
    )  # fmt: skip

    def f(name: str, agg: Agg, column: str = "", where: str = "") -> Feature:
        return Feature(
            name=name, slot="person", source="pay", agg=agg, column=column, where=where, window=timedelta(hours=1),
            zh="试", en="bench",
        )  # fmt: skip

    return build(
        (
            f("n", Agg.COUNT), f("sum", Agg.SUM, "amount"), f("mean", Agg.MEAN, "amount"), f("max", Agg.MAX, "amount"),
            f("min", Agg.MIN, "amount"), f("std", Agg.STD, "amount"), f("some", Agg.COUNT, "", "kind = b"),
            f("some_sum", Agg.SUM, "amount", "kind = b"), f("distinct", Agg.DISTINCT, "other"), f("first", Agg.FIRST),
        ),
        (source,),
    )  # fmt: skip


def workload() -> Batch:
    """The events, in order."""
    rng = np.random.default_rng(10)
    weight = np.arange(1, 200_001, dtype=float) ** -1.1
    values = np.zeros((EVENTS, 4), dtype=np.int64)
    values[:, 0] = rng.choice(200_000, EVENTS, p=weight / weight.sum()) + 1
    values[:, 1] = rng.lognormal(8, 1.5, EVENTS).astype(np.int64) + 1
    values[:, 2] = rng.integers(1, 50_000, EVENTS)
    values[:, 3] = rng.integers(0, 4, EVENTS)
    times = np.sort(rng.choice(24 * HOUR, EVENTS, replace=False)) + 1_790_000_000_000
    return Batch(np.zeros(EVENTS, np.int64), times, np.arange(EVENTS), values)


def ours(batch: Batch, size: int, runs: int = 3) -> tuple[np.ndarray, float, float]:
    """All vectors; the best seconds of a few runs from an empty engine in micro-batches of ``size``, by clock and processor."""
    plan = plan10()
    Engine(plan, Settings(special=True)).process(batch.take(slice(0, 1)))
    out = np.full((len(batch), 10), np.nan)
    parts = [(batch.take(slice(k, k + size)), out[k : k + size]) for k in range(0, len(batch), size)]
    best, least = float("inf"), float("inf")
    for _ in range(runs):
        engine = Engine(plan, Settings(cap=1 << 40, special=True))
        began, own = time.perf_counter(), time.thread_time()
        for part, view in parts:
            engine.process(part, view)
        best, least = min(best, time.perf_counter() - began), min(least, time.thread_time() - own)
    return out, best, least


def frame(batch: Batch) -> pl.DataFrame:
    """The events as the data-frame peers read them."""
    v = batch.values
    return pl.DataFrame({"t": batch.time, "k": v[:, 0], "amount": v[:, 1], "other": v[:, 2], "hit": (v[:, 3] == 1) * 1})


def same(mine: np.ndarray, theirs: np.ndarray) -> bool:
    """Whether all values agree."""
    return bool(np.allclose(mine, theirs, rtol=1e-6, atol=1e-6, equal_nan=True))


def polars_way(batch: Batch) -> tuple[np.ndarray, float]:
    """Polars' rolling groups; ``closed="right"`` is its default and ours."""
    df = frame(batch)
    x, hit = pl.col("amount"), pl.col("hit")
    began = time.perf_counter()
    got = df.rolling(index_column="t", period=f"{HOUR}i", group_by="k").agg(
        pl.len().alias("n"), x.sum().alias("sum"), x.mean().alias("mean"), x.max().alias("max"), x.min().alias("min"),
        x.std(ddof=0).alias("std"), hit.sum().alias("some"), (x * hit).sum().alias("some_sum"),
        pl.col("other").n_unique().alias("distinct"), pl.col("t").first().alias("first"),
    )  # fmt: skip
    seconds = time.perf_counter() - began
    got = got.sort("t").with_columns(first=(pl.col("t") - pl.col("first")) / 1000)
    return got.select(NAMES).to_numpy().astype(float), seconds


def duckdb_way(batch: Batch) -> tuple[np.ndarray, float]:
    """DuckDB's window functions; whole milliseconds make the closed range equal to ours."""
    import duckdb

    with duckdb.connect(config={"threads": 2}) as db:
        db.register("events_frame", frame(batch))
        db.execute("CREATE TABLE events AS SELECT * FROM events_frame")
        began = time.perf_counter()
        db.execute(f"""CREATE TABLE answer AS SELECT t, count(*) OVER w AS n, sum(amount) OVER w AS sum,
            avg(amount) OVER w AS mean, max(amount) OVER w AS max, min(amount) OVER w AS min,
            stddev_pop(amount) OVER w AS std, sum(hit) OVER w AS some, sum(hit * amount) OVER w AS some_sum,
            count(DISTINCT other) OVER w AS distinct_, (t - min(t) OVER w) / 1000 AS first
            FROM events WINDOW w AS (PARTITION BY k ORDER BY t RANGE BETWEEN {HOUR - 1} PRECEDING AND CURRENT ROW)""")  # noqa: S608 - one number
        seconds = time.perf_counter() - began
        got = db.execute("SELECT * EXCLUDE (t) FROM answer ORDER BY t").fetchnumpy()
    return np.column_stack([np.asarray(column, dtype=float) for column in got.values()]), seconds


def river_way(batch: Batch) -> tuple[np.ndarray, float]:
    """River in its own environment: six features."""
    with tempfile.TemporaryDirectory() as folder:
        work, result = Path(folder, "work.npz"), Path(folder, "result.npz")
        v = batch.values
        np.savez(work, t=batch.time, key=v[:, 0], amount=v[:, 1], kind=v[:, 3])
        subprocess.run([peers.python("river"), HERE / "peers" / "fraud_river.py", work, result], check=True)
        done = np.load(result)
        return done["values"], float(done["seconds"])


def flink_way(batch: Batch) -> tuple[np.ndarray, float]:
    """Flink SQL on both cores, to its file sink; the time of a second job of a thousand events (its start) is taken off."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        columns = ["t", "k", "amount", "hit", "other"]
        frame(batch).select(columns).write_csv(place / "many.csv", include_header=False)
        frame(batch).head(1_000).select(columns).write_csv(place / "few.csv", include_header=False)
        subprocess.run(
            [peers.python("flink"), HERE / "peers" / "fraud_flink.py", place], check=True, stdout=subprocess.DEVNULL
        )
        seconds = json.loads((place / "seconds.json").read_text())
        parts = [p for p in (place / "sink-many").rglob("*") if p.is_file() and p.stat().st_size]
        sink = pl.concat([pl.read_csv(p, has_header=False, new_columns=["t", *NAMES]) for p in parts])
        got = sink.sort("t").to_numpy().astype(float)
    got[:, 10] = (got[:, 0] - got[:, 10]) / 1000
    return got[:, 1:], seconds["many"] - seconds["few"]


def engine10() -> Iterable[Row]:
    """Ours, and each peer on the same events."""
    whole = workload()
    mine, seconds, busy = ours(whole, 10_000)
    rate = EVENTS / seconds
    ways: tuple[tuple[str, int, int, float, Callable[[Batch], tuple[np.ndarray, float]], list[int]], ...] = (
        ("Polars", SOME, 2, 3, polars_way, list(range(10))),
        ("DuckDB", SOME, 2, 7, duckdb_way, list(range(10))),
        ("river (6 features)", RIVER, 1, 100, river_way, [0, 1, 2, 5, 6, 7]),
        ("Flink SQL", FEW, 1, 100, flink_way, list(range(10))),
    )
    for name, n, runs, needed, way, columns in ways:
        part = whole.take(slice(0, n))
        try:
            theirs, their_seconds = min((way(part) for _ in range(runs)), key=operator.itemgetter(1))
        except peers.PeerMissingError as error:
            yield missing("fraud.engine10", f"{name}: {error}")
            continue
        here = n / ours(part, 10_000)[1]
        equal = same(mine[:n][:, columns], theirs)
        yield row(
            "fraud.engine10", rate,
            f"{EVENTS:,} events, 24 h, Zipf 1.1, batches of 10,000 ({EVENTS / busy:,.0f}/s of processor time); {name} (best of {runs}) on the first "
            f"{n:,} beside our {here:,.0f}/s there (best of 3); "
            + ("all values equal" if equal else "VALUES DIFFER"),
            peer=name, peer_value=n / their_seconds, ratio=here * their_seconds / n, need_ratio=needed, ok=equal,
        )  # fmt: skip


def _compiled() -> None:
    """Has the kernel of the catalogue compiled and kept, so that no other process does it."""
    from bench.fraud_workload.city import PLAN

    nothing = np.zeros(0, np.int64)
    Engine(PLAN, Settings(special=True)).process(Batch(nothing, nothing, nothing, nothing.reshape(0, PLAN.columns)))


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}


def engine96() -> Iterable[Row]:
    """The whole catalogue on a city, in a process of its own, so that its peak of memory is its own."""
    _compiled()
    done = subprocess.run(
        [sys.executable, "-m", "bench.fraud_workload.city"],
        check=True,
        capture_output=True,
        text=True,
        env=_environment(),
        cwd=ROOT,
    )
    told = json.loads(done.stdout)
    how = (
        f"124 features, 18 sources, 200,000 persons, 15 events a person and day with lognormal habits, 36 h, the last 6 h "
        f"timed ({told['busy']:,.0f}/s of processor time); {told['read']:.0f} values read out; {told['entities']:,} live entities, {told['records']:,} "
        f"records in windows"
    )
    yield row("fraud.engine96", told["rate"], how)
    yield row("fraud.memory", told["peak"], f"peak of the process; its state is {told['state']:,.0f} MiB")


def cores() -> Iterable[Row]:
    """One shard against two over the same hours, through the same shared memory; in turns, for the machine is shared."""
    from bench.fraud_workload.city import PLAN, City
    from guangyue.engines.fraud.shards import Shards

    city = City()
    hours = [city.hour(k) for k in range(CORES_HOURS)]
    settings = Settings(special=True)
    _compiled()
    seconds: dict[int, list[float]] = {1: [], 2: []}
    plain: dict[int, list[float]] = {1: [], 2: []}
    busy = {1: 0.0, 2: 0.0}
    for k in (1, 2) * CORES_ROUNDS:
        plain[k].append(_arithmetic(k))
        before = _children()
        with Shards(PLAN, k, settings) as shards:
            _through(shards, hours[:4])
            began = time.perf_counter()
            _through(shards, hours[4:])
            seconds[k].append(time.perf_counter() - began)
        busy[k] += _children() - before
    ratios = [one / two for one, two in zip(seconds[1], seconds[2], strict=True)]
    given = [one / two for one, two in zip(plain[1], plain[2], strict=True)]
    yield row(
        "fraud.cores", statistics.median(seconds[1]) / statistics.median(seconds[2]),
        f"city stream, hours 5 to {CORES_HOURS}, batches of 32,768 through shared memory; medians of {CORES_ROUNDS} rounds, "
        f"{min(ratios):.2f} to {max(ratios):.2f} in each, best against best {min(seconds[1]) / min(seconds[2]):.2f}; by processor "
        f"time {2 * busy[1] / busy[2]:.2f}; two processes that only add and share nothing get "
        f"{2 * statistics.median(given):.2f} ({2 * min(given):.2f} to {2 * max(given):.2f}) of this machine in the same rounds",
    )  # fmt: skip


def _arithmetic(processes: int) -> float:
    """Seconds for so many processes to add numbers, each as many: what the machine gives to two at once."""
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(processes + 1)
    adding = [context.Process(target=_add, args=(gate,)) for _ in range(processes)]
    for one in adding:
        one.start()
    gate.wait()
    began = time.perf_counter()
    for one in adding:
        one.join()
    return time.perf_counter() - began


def _add(gate: Barrier) -> None:
    gate.wait()
    total = 0
    for k in range(4_000_000):
        total += k & 7


def _children() -> float:
    """Seconds of processor time of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _through(shards: Shards, hours: list[Batch]) -> None:
    parts = (hour.take(slice(low, low + 32_768)) for hour in hours for low in range(0, len(hour), 32_768))
    for _ in shards.stream(parts):
        pass


def restart() -> Iterable[Row]:
    """Kills at random moments, from the start of the process to the middle of a snapshot."""
    from bench.fraud_workload.city import City
    from bench.fraud_workload.restart import Lives, recorded, replay

    batch = City().hour(0).take(slice(0, 40_000))
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "data")
        data.mkdir()
        for k, source in enumerate(SOURCES):
            rows = np.flatnonzero(batch.source == k)
            columns = {c: batch.values[rows, j] for j, c in enumerate(source.names)}
            pl.DataFrame({"time": batch.time[rows], "offset": batch.offset[rows], **columns}).write_parquet(
                data / f"{source.code}.parquet"
            )
        with Path(os.devnull).open("w") as nowhere:
            spoken, sys.stdout = sys.stdout, nowhere
            try:
                want = AlertLog.read(replay(recorded(data), Path(folder, "whole")).log.path)
            finally:
                sys.stdout = spoken
        kills, runs = 0, 0
        differences = 0
        rng = np.random.default_rng(50)
        with Lives(data, _environment()) as live:
            while kills < KILLS:
                into = Path(folder, f"run{runs}")
                while not live(into, int(rng.integers(1, 60)) if kills < KILLS else 1 << 30):
                    kills += 1
                got = AlertLog.read(into / "alerts.jsonl")
                differences += sum(got.get(key) != alert for key, alert in want.items()) + len(set(got) - set(want))
                runs += 1
    how = f"{kills} kills over {runs} runs of 40,000 events, {len(want):,} alerts; ids and counts compared"
    yield row("fraud.restart", differences, how, ok=len(want) > 50)


BENCHES = (
    Bench(("fraud.engine10",), engine10),
    Bench(("fraud.engine96", "fraud.memory"), engine96),
    Bench(("fraud.cores",), cores),
    Bench(("fraud.restart",), restart),
)
