"""Flink SQL's exact OVER windows on the ten-feature workload, written to a file sink. Run with the peer's interpreter."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

from pyflink.table import EnvironmentSettings, TableEnvironment

WINDOW = "PARTITION BY k ORDER BY ts RANGE BETWEEN INTERVAL '59:59.999' MINUTE TO SECOND(3) PRECEDING AND CURRENT ROW"
QUERY = """
INSERT INTO sink SELECT t, COUNT(*) OVER w, SUM(amount) OVER w, AVG(CAST(amount AS DOUBLE)) OVER w, MAX(amount) OVER w,
  MIN(amount) OVER w, STDDEV_POP(CAST(amount AS DOUBLE)) OVER w, SUM(hit) OVER w, SUM(hit * amount) OVER w,
  COUNT(DISTINCT other) OVER w, MIN(t) OVER w
FROM events WINDOW w AS ({window})
"""


def run(source: Path, sink: Path, parallelism: int) -> float:
    """One job; the seconds from its submission to its end."""
    table = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
    config = table.get_config()
    config.set("parallelism.default", str(parallelism))
    config.set("execution.runtime-mode", "STREAMING")
    table.execute_sql(f"""CREATE TABLE events (t BIGINT, k BIGINT, amount BIGINT, hit BIGINT, other BIGINT,
        ts AS TO_TIMESTAMP_LTZ(t, 3), WATERMARK FOR ts AS ts)
        WITH ('connector' = 'filesystem', 'path' = 'file://{source}', 'format' = 'csv')""")
    columns = ", ".join(f"f{k} {'DOUBLE' if k in (2, 5) else 'BIGINT'}" for k in range(10))
    table.execute_sql(f"""CREATE TABLE sink (t BIGINT, {columns})
        WITH ('connector' = 'filesystem', 'path' = 'file://{sink}', 'format' = 'csv')""")
    began = time.perf_counter()
    table.execute_sql(QUERY.format(window=WINDOW)).wait()
    return time.perf_counter() - began


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    run(folder / "few.csv", folder / "sink-first", 2)  # the first job loads Flink
    seconds = {name: run(folder / f"{name}.csv", folder / f"sink-{name}", 2) for name in ("few", "many")}
    (folder / "seconds.json").write_text(json.dumps(seconds))
