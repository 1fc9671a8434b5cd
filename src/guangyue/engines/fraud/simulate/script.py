"""What a script file says: who is met, which records follow one another, and when (剧本).

A script is a TOML file. ``kind = "scam"`` tells how a scam runs until the money leaves; ``kind = "innocent"`` tells an
honest story that looks like one. Times and amounts are given as a pair: the tenth and ninetieth percentile of a
log-normal spread. The detector's rules know nothing of these files and share none with them.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guangyue.engines.fraud.schema import Kind, SourceError
from guangyue.engines.fraud.sources import BY_CODE
from guangyue.engines.fraud.where import span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["OWN_SCRIPTS", "ROLES", "Script", "ScriptError", "Step", "digest", "load", "read"]

OWN_SCRIPTS = Path(__file__).with_name("scripts")
"""The scripts that come with the simulator."""

ROLES: frozenset[str] = frozenset(
    f"@{who}.{what}"
    for who in ("gang", "stranger", "friend", "service")
    for what in ("phone", "account", "domain", "contact", "app", "country", "lender", "cell", "bank")
)
"""Who may stand in a record: somebody of the gang, a stranger, a friend, a short code or merchant."""

_STEP_KEYS = {"name", "source", "after", "wait", "chance", "repeat", "every", "set", "hook", "money", "leaves", "drop"}
_SCRIPT_KEYS = {"code", "kind", "zh", "en", "weight", "ages", "jobs", "loss", "hours", "step"}
_AMOUNT_KEYS = {"yuan", "share"}


class ScriptError(ValueError):
    """A script file is wrong; ``faults`` lists everything, each with the file and the step."""

    code = "fraud.script"

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One record, or several, of a story.

    Attributes:
        name: to refer to it. source: what kind of record. values: column → value, see :mod:`.play`.
        after: the step it follows; empty is the one before. wait: seconds (p10, p90) after it.
        chance: how often it happens at all. repeat: how many records (least, most). every: seconds between them.
        hook: from here on the victim believes. money: the share of the loss this step moves (all its records together).
        leaves: the main money leaves with it. drop: how often the story ends after it.
    """

    name: str
    source: str
    values: Mapping[str, Any]
    after: str = ""
    wait: tuple[float, float] = (0.0, 0.0)
    chance: float = 1.0
    repeat: tuple[int, int] = (1, 1)
    every: tuple[float, float] = (60.0, 600.0)
    hook: bool = False
    money: float = 0.0
    leaves: bool = False
    drop: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A story.

    Attributes:
        code: for a scam one of the national types. scam: whether it is one. zh, en: its name.
        weight: share among the scams; for an innocent story how many a 1,000 residents and day.
        ages: (from, to, weight) bands; others are not met. jobs: only these, when given.
        loss: yuan (p10, p90). hours: the story begins between these hours of the day.
        steps: in order.
    """

    code: str
    scam: bool
    zh: str
    en: str
    weight: float
    ages: tuple[tuple[int, int, float], ...]
    jobs: tuple[str, ...] = ()
    loss: tuple[float, float] = (0.0, 0.0)
    hours: tuple[float, float] = (8.0, 21.0)
    steps: tuple[Step, ...] = field(default=())


def load(folder: Path | None = None) -> tuple[Script, ...]:
    """All scripts of a folder, by file name.

    Raises:
        ScriptError: naming every fault of every file; also when there is no scam among them.
    """
    scripts: list[Script] = []
    faults: list[str] = []
    for file in sorted((folder or OWN_SCRIPTS).glob("*.toml")):
        try:
            scripts.append(read(file.read_text(encoding="utf-8"), file.name))
        except ScriptError as error:
            faults += error.faults
    codes = [s.code for s in scripts]
    faults += [f"{c}: two scripts have this code" for c in sorted({c for c in codes if codes.count(c) > 1})]
    if not faults and not any(s.scam for s in scripts):
        faults.append(f"{folder or OWN_SCRIPTS}: there is no script of a scam here")
    if faults:
        raise ScriptError(faults)
    return tuple(scripts)


def read(text: str, name: str) -> Script:
    """One script from the text of its file.

    Raises:
        ScriptError: naming every fault.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScriptError([f"{name}: {error}"]) from error
    faults = [f"{name}: unknown key {k!r}" for k in sorted(set(raw) - _SCRIPT_KEYS)]
    faults += [f"{name}: {k} is missing" for k in ("code", "kind", "zh", "en", "weight", "step") if k not in raw]
    steps: list[Step] = []
    for number, entry in enumerate(raw.get("step", []), 1):
        place = f"{name}: step {number} ({entry.get('name', 'without a name')})"
        wrong = _step_faults(entry, {s.name for s in steps})
        faults += [f"{place}: {w}" for w in wrong]
        if not wrong:
            steps.append(_step(entry))
    scam = raw.get("kind") == "scam"
    if scam and not faults:
        faults += [f"{name}: a scam needs {what}" for what, there in (
            ("a step with `hook = true`", any(s.hook for s in steps)),
            ("a step with `leaves = true`", any(s.leaves for s in steps)),
            ("`loss`", "loss" in raw),
        ) if not there]  # fmt: skip
    if faults:
        raise ScriptError(faults)
    return Script(
        code=raw["code"], scam=scam, zh=raw["zh"], en=raw["en"], weight=float(raw["weight"]),
        ages=tuple((int(a), int(b), float(w)) for a, b, w in raw.get("ages", [[16, 90, 1.0]])),
        jobs=tuple(raw.get("jobs", ())), loss=_pair(raw.get("loss", [0, 0])), hours=_pair(raw.get("hours", [8, 21])),
        steps=tuple(steps),
    )  # fmt: skip


def digest(scripts: Iterable[Script]) -> str:
    """A short name for exactly these scripts, written beside everything they make."""
    return hashlib.sha256(repr(tuple(scripts)).encode()).hexdigest()[:16]


def _pair(value: Any) -> tuple[float, float]:  # noqa: ANN401 - straight from the file
    low, high = value
    return float(low), float(high)


def _seconds(value: Any) -> tuple[float, float]:  # noqa: ANN401 - straight from the file
    low, high = value
    return span(low).total_seconds(), span(high).total_seconds()


def _step(entry: Mapping[str, Any]) -> Step:
    return Step(
        name=entry["name"], source=entry["source"], values=dict(entry.get("set", {})), after=entry.get("after", ""),
        wait=_seconds(entry.get("wait", ["0s", "0s"])), chance=float(entry.get("chance", 1)),
        repeat=tuple(entry.get("repeat", (1, 1))), every=_seconds(entry.get("every", ["1m", "10m"])),
        hook=bool(entry.get("hook")), money=float(entry.get("money", 0)), leaves=bool(entry.get("leaves")),
        drop=float(entry.get("drop", 0)),
    )  # fmt: skip


def _step_faults(entry: Mapping[str, Any], before: set[str]) -> list[str]:
    out = [f"unknown key {k!r}" for k in sorted(set(entry) - _STEP_KEYS)]
    out += [f"{k} is missing" for k in ("name", "source") if k not in entry]
    if entry.get("after") and entry["after"] not in before:
        out.append(f"after = {entry['after']!r}: no earlier step has this name")
    for key in ("wait", "every"):
        try:
            _seconds(entry.get(key, ["0s", "0s"]))
        except (SourceError, ValueError, TypeError):
            out.append(f"{key} is a pair of durations such as ['5m', '2h'], not {entry[key]!r}")
    least, most = (*entry.get("repeat", (1, 1)), 0)[:2]
    if not 1 <= least <= most:
        out.append("repeat is a pair [least, most] from 1 on")
    source = BY_CODE.get(entry.get("source", ""))
    if source is None:
        return [*out, f"no source {entry.get('source')!r} (there are {', '.join(BY_CODE)})"]
    for column, value in entry.get("set", {}).items():
        try:
            _check_value(source.column(column).kind, source.column(column).number, value)
        except (SourceError, TypeError, ValueError) as error:
            out.append(f"{column} = {value!r}: {error}")
    return out


def _check_value(kind: Kind, number: Any, value: Any) -> None:  # noqa: ANN401 - straight from the file
    if kind is Kind.TOKEN:
        if value not in ROLES:
            raise ValueError(f"a token is one of {', '.join(sorted(ROLES))}")
        return
    if isinstance(value, dict):
        if kind is not Kind.FEN or set(value) - _AMOUNT_KEYS or len(value) != 1:
            raise ValueError("an amount is { yuan = [p10, p90] } or { share = 0.2 } of the loss")
        return
    for one in value if isinstance(value, list) else [value]:
        number(one)
    if isinstance(value, list) and kind is not Kind.CODE and len(value) != 2:  # noqa: PLR2004 - said in the sentence
        raise ValueError("a spread is a pair [p10, p90]")
