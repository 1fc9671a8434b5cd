"""Every figure we promise: its unit, its bar, and which way is better. One id, one unit, for good.

A bar of ``None`` means the figure is shown beside its peer without a promise of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Bar:
    """What is measured, in which unit, and the value it must reach."""

    what: str
    unit: str
    bar: float | None
    better: Better


BARS: dict[str, Bar] = {
    "kernel.decide": Bar("decisions on the parking mix, one core", "decisions/s", 50_000, "higher"),
    "kernel.steps": Bar("random legal and illegal steps without a violation", "steps", 20_000, "higher"),
    "law.terms": Bar("deadlines computed, working days included", "computations/s", 200_000, "higher"),
    "records.command": Bar("lock, decide, journal, deadline, outbox, commit; one worker", "commands/s", 400, "higher"),
    "deadlines.idle": Bar("poll with 1,000,000 pending, p99", "ms", 1, "lower"),
    "deadlines.drain": Bar("deadlines fired by two runners", "fired/s", 3_000, "higher"),
    "deadlines.lag": Bar("due to fired at 100/s, p99", "ms", 250, "lower"),
    "journal.verify": Bar("journal entries verified", "entries/s", 80_000, "higher"),
    "journal.tamper": Bar("random tampers found of 10,000", "found", 10_000, "higher"),
    "records.kill": Bar("acknowledged commands lost + doubled under kill -9", "commands", 0, "lower"),
    "records.million": Bar("list and filter with 1,000,000 matters, 4 clients, p95", "ms", 100, "lower"),
    "web.load.p95": Bar("20 mixed requests/s, 50 open consoles, p95", "ms", 200, "lower"),
    "web.load.p99": Bar("20 mixed requests/s, 50 open consoles, p99", "ms", 500, "lower"),
    "web.million": Bar("list, filter and matter pages with 1,000,000 matters, 4 clients, p95", "ms", 150, "lower"),
    "web.start": Bar("second `make run` to the addresses", "s", 15, "lower"),
    "docs.pdf": Bar("slips rendered, one core", "documents/s", 20, "higher"),
    "faults.kill": Bar("lost + doubled through the HTTP API under kill -9", "commands", 0, "lower"),
    "faults.restart.worker": Bar("kill of a worker to the first good answer, p99", "s", 2, "lower"),
    "faults.restart.main": Bar("kill of the main process to the first good answer, p99", "s", 5, "lower"),
    "faults.powerloss": Bar("acknowledged commands lost of 500 power cuts", "commands", 0, "lower"),
    "web.authz": Bar("cells of the authorisation matrix asserted", "%", 100, "higher"),
    "web.fuzz": Bar("answers 5xx under fuzz", "answers", 0, "lower"),
    "faults.simulate": Bar("seeds without violation of 200", "seeds", 200, "higher"),
    "faults.simulate.speed": Bar("simulated time against real time", "ratio", 100, "higher"),
    "soak.memory": Bar("memory growth over two hours at web.load", "%", 5, "lower"),
    "streets.day": Bar("885 matters with photos through the API", "s", 300, "lower"),
    "streets.million": Bar("every desk page with 1,000,000 matters, p95", "ms", 200, "lower"),
    "fraud.engine10": Bar("10-feature workload, zipf keys, one core", "events/s", 2_000_000, "higher"),
    "fraud.engine96": Bar("96 features, 18 sources, 200,000 persons, one core", "events/s", 200_000, "higher"),
    "fraud.memory": Bar("peak memory of fraud.engine96", "MiB", 2_048, "lower"),
    "fraud.cores": Bar("two processes against one", "ratio", 1.8, "higher"),
    "fraud.one.p50": Bar("one event: features, rules, model; p50", "µs", 100, "lower"),
    "fraud.one.p99": Bar("one event: features, rules, model; p99", "µs", 1_000, "lower"),
    "fraud.detect": Bar("recall at the alert budget, held out", "recall", None, "higher"),
    "fraud.sichuan": Bar("AUC over 5 folds, seeds 0–4", "AUC", 0.957, "higher"),
    "fraud.sichuan.ap": Bar("average precision, same folds", "AP", 0.949, "higher"),
    "fraud.sichuan.recall": Bar("recall at 1 % false positives, same folds", "recall", 0.79, "higher"),
    "fraud.sms": Bar("F1 of fraud against the rest, grouped folds", "F1", None, "higher"),
    "fraud.restart": Bar("differences in alerts against an unbroken run", "alerts", 0, "lower"),
    "roads.nearest": Bar("200 crews to one place, p95", "ms", 1, "lower"),
    "roads.reweight": Bar("new speeds into the fast path", "ms", 50, "lower"),
    "roads.matrix": Bar("300 × 300 travel times", "s", 1, "lower"),
    "roads.load": Bar("Manhattan extract to a ready graph", "s", 15, "lower"),
    "roads.reload": Bar("saved graph to ready", "s", 0.5, "lower"),
    "patrol.forecast": Bar("PEI on held-out windows beside the best simple baseline", "PEI", None, "higher"),
    "patrol.plan15": Bar("share of the prize in 15 s", "%", 83, "higher"),
    "patrol.plan120": Bar("share of the prize in 120 s", "%", 84.3, "higher"),
    "patrol.replan": Bar("15 routes and 9 outposts on the Edmonton graph", "s", 60, "lower"),
    "patrol.simulate": Bar("1,000,000 calls, 60 crews", "s", 20, "lower"),
    "patrol.tidal": Bar("gated plan against the standing one, held-out weeks", "difference", None, "higher"),
}
