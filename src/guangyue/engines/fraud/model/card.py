"""The model card: what the model is for, what it learned from, how good it is, what it must not do (模型卡)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guangyue.engines.fraud.model.scam import ScamModel

__all__ = ["card"]


def card(model: ScamModel, results: dict[str, Any] | None = None) -> str:
    """The card as Markdown; ``results`` are lines of an evaluation to print under it."""
    a = model.about
    lines = [
        f"# Model card: scam model {model.version}",
        "",
        "**For**: proposing whom to warn of a scam that is going on (反诈法 art. 34). A person decides; nothing is blocked,",
        "no one is rated for anything else (反诈法 art. 5, 16; 个保法 art. 24).",
        "**Not for**: credit, policing of suspects, ranking of residents, any automatic decision.",
        "",
        "| | |",
        "| --- | --- |",
        f"| learned from | {a.get('origin', 'not stated')} |",
        f"| period | {_date(a.get('from'))} – {_date(a.get('to'))} |",
        f"| rows | {a.get('rows', 0):,} standing for {a.get('events', 0):,.0f} events |",
        f"| people in scams | {a.get('fraud_groups', 0):,} ({a.get('fraud_rows', 0):,} rows) |",
        f"| inputs | {a.get('features', 0)} features of the event's person, numbers, accounts, device, domain |",
        f"| form | {a.get('trees', 0)} boosted trees, Platt calibration (slope {model.slope:.3f}, offset {model.offset:.3f}) |",
        f"| settings | {a.get('settings', {})} |",
        "",
        "Age, sex, town, ethnicity, belief, and health are no inputs.",
        "",
        "## Most used features",
        "",
        *[f"- `{name}`: {count} splits" for name, count in a.get("gain", [])[:15]],
    ]
    if results:
        lines += ["", "## Results", "", *[f"- {key}: {value}" for key, value in results.items()]]
    lines += [
        "", "## Limits", "",
        "- Trained on what was reported: scams nobody reported look honest to it.",
        "- A new script may pass it for weeks; the rules are the answer to a script one has read about.",
        "- Watch the drift report; from an index of 0.25 on, train again and let the new model shadow the old one first.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _date(ms: int | None) -> str:
    return "?" if ms is None else datetime.fromtimestamp(ms / 1000, UTC).date().isoformat()
