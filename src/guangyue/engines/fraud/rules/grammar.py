"""The rule file: what an analyst writes, checked word by word (规则文件).

A file is TOML with one ``[[rule]]`` table a rule::

    [[rule]]
    code = "authority.screen"
    type = "authority"                      # one of the national types, or "other"
    level = "urgent"                        # urgent, high, medium, low
    on = ["bank_transfer", "remote_control"]  # only at these records; left out: at every record of the person
    bucket = "24h"                          # one alert, counted, for each such stretch of time
    when = [                                # every line must hold; `or` joins alternatives within a line
      "person.calls_abroad_24h >= 1",
      "person.talk_in_max_24h >= 15m",
      "person.shares_1h >= 1 or person.forwarded_24h >= 1",
      "person.out_sum_24h > 3 x person.out_mean_30d",
    ]
    zh = "…"                                # what an officer says at the door; {feature} stands for its value
    en = "…"

Amounts are written ``5000 yuan`` (or ``fen``), times ``90s``, ``15m``, ``2h``, scores ``300 permille``, counts and
ratios as bare numbers. ``feature is absent`` holds where there is no value; a comparison with no value never holds.
"""

from __future__ import annotations

import difflib
import operator
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guangyue.engines.fraud.catalogue import CATALOGUE, NAMES
from guangyue.engines.fraud.rules.alerts import LEVELS
from guangyue.engines.fraud.schema import SLOT_ENTITY, Kind, SourceError
from guangyue.engines.fraud.sources import BY_CODE, SCAM_TYPES
from guangyue.engines.fraud.where import span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from guangyue.engines.fraud.features import Feature

__all__ = [
    "NATIONAL",
    "OPERATORS",
    "Condition",
    "Rule",
    "RuleError",
    "RuleFault",
    "feature_of",
    "parse",
    "read",
    "unit_of",
]

NATIONAL = Path(__file__).with_name("national.toml")
"""Rules for the ten national types, as a start for a city's own."""

ABSENT = "is absent"
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip
_KEYS = {"code", "type", "level", "on", "bucket", "when", "zh", "en", "weight"}
_CONDITION = re.compile(
    r"(?P<name>[a-z_]+\.[a-z_0-9]+)\s*(?:(?P<absent>is absent)|(?P<op>>=|<=|!=|>|<|=)\s*(?P<number>\d+(?:\.\d+)?)"
    r"\s*(?:(?P<unit>yuan|fen|permille|[smhd])|x\s+(?P<other>[a-z_]+\.[a-z_0-9]+))?)"
)
_UNITS: dict[str, dict[str, float]] = {
    "money": {"yuan": 100.0, "fen": 1.0},
    "seconds": {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0},
    "permille": {"permille": 1.0},
    "count": {"": 1.0},
    "ratio": {"": 1.0},
}
_KIND_UNIT = {Kind.FEN: "money", Kind.SECONDS: "seconds", Kind.PERMILLE: "permille"}


@dataclass(frozen=True, slots=True)
class RuleFault:
    """One thing that is wrong: where, which rule, what, and what would be right."""

    line: int
    rule: str
    message: str

    def text(self) -> str:
        """As an analyst reads it."""
        return f"line {self.line}: {self.rule}: {self.message}" if self.rule else f"line {self.line}: {self.message}"


class RuleError(ValueError):
    """A rule file is wrong; ``faults`` lists everything with its line."""

    code = "fraud.rule"

    def __init__(self, faults: Iterable[RuleFault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda f: (f.line, f.message)))
        super().__init__("\n".join(f.text() for f in self.faults))


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison: ``name op number`` in stored units, or against ``number`` times ``other``, or ``is absent``."""

    name: str
    op: str
    number: float
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    Attributes:
        code: stable name, the reason code. type: the scam it speaks of. level: how soon somebody must act.
        on: the sources at whose records it is asked; empty for all. bucket: seconds that one alert covers.
        when: all must hold; of each inner tuple one. zh, en: what an officer says. line: where it stands in the file.
        weight: how much its word counts beside the model (nats of log-odds); from the level when left out.
    """

    code: str
    type: str
    level: str
    on: tuple[str, ...]
    bucket: int
    when: tuple[tuple[Condition, ...], ...]
    zh: str
    en: str
    line: int
    weight: float


WEIGHTS: dict[str, float] = {"urgent": 4.0, "high": 3.0, "medium": 2.0, "low": 1.0}
_BY_NAME = {(f.entity, f.name): f for f in CATALOGUE}
_SPOKEN = re.compile(r"\{([^{}]*)\}")


def feature_of(name: str) -> Feature:
    """The declaration behind a column of the vector, such as ``person.calls_in_24h``."""
    slot, _, rest = name.partition(".")
    return _BY_NAME[SLOT_ENTITY[slot], rest]


def unit_of(name: str) -> str:
    """The unit of a column of the vector: ``money``, ``seconds``, ``permille``, ``count`` or ``ratio``."""
    feature = feature_of(name)
    if feature.unit != "column":
        return feature.unit
    return _KIND_UNIT.get(BY_CODE[feature.source].column(feature.column).kind, "count")


def read(path: Path | None = None) -> tuple[Rule, ...]:
    """The rules of a file; without one the national rules that come with the engine.

    Raises:
        RuleError: see :func:`parse`.
    """
    return parse((path or NATIONAL).read_text(encoding="utf-8"))


def parse(text: str) -> tuple[Rule, ...]:
    """The rules of a text.

    Raises:
        RuleError: listing every fault with its line: syntax, unknown key, feature, source, type or level, a wrong
            unit, a doubled code, a reason missing in one of the languages.
    """
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"line (\d+)", str(error))
        raise RuleError([RuleFault(int(match[1]) if match else 1, "", f"not valid TOML: {error}")]) from error
    lines = text.splitlines()
    starts = [n for n, line in enumerate(lines, 1) if line.strip() == "[[rule]]"]
    faults = [RuleFault(1, "", f"unknown table {k!r}; a rule begins with [[rule]]") for k in entries if k != "rule"]
    tables = entries.get("rule", [])
    if not tables and not faults:
        faults.append(RuleFault(1, "", "there is no [[rule]]"))
    rules: list[Rule] = []
    known: set[str] = set()
    for position, table in enumerate(tables):
        first = starts[position] if position < len(starts) else 1
        last = starts[position + 1] - 1 if position + 1 < len(starts) else len(lines)
        checker = _Checker(table, first, lines[first - 1 : last])
        rule = checker.rule()
        if str(table.get("code")) in known:
            checker.fault("code", f"the code {table['code']!r} is taken by an earlier rule")
        known.add(str(table.get("code")))
        faults += checker.faults
        if not checker.faults:
            rules.append(rule)
    if faults:
        raise RuleError(faults)
    return tuple(rules)


class _Checker:
    """Reads one table and gathers its faults with their lines."""

    def __init__(self, table: dict[str, Any], first: int, lines: Sequence[str]) -> None:
        self.table, self.first, self.lines = table, first, lines
        self.faults: list[RuleFault] = []

    def line(self, piece: str) -> int:
        """The line of a piece of text within the rule, else the rule's first."""
        return next((self.first + n for n, line in enumerate(self.lines) if piece in line), self.first)

    def fault(self, piece: str, message: str) -> None:
        """Notes what is wrong at a piece of text."""
        self.faults.append(RuleFault(self.line(piece), str(self.table.get("code", "a rule without code")), message))

    def rule(self) -> Rule:
        """The rule, right or not; :attr:`faults` says which."""
        t = self.table
        for key in sorted(set(t) - _KEYS):
            self.fault(key, f"unknown key {key!r}{_like(key, _KEYS)}")
        for key in ("code", "type", "level", "when", "zh", "en"):
            if not t.get(key):
                self.fault("[[rule]]", f"{key} is missing")
        self._one_of("type", SCAM_TYPES)
        self._one_of("level", LEVELS)
        for name in t.get("on", []):
            if name not in BY_CODE:
                self.fault(f'"{name}"', f"on: no source {name!r}{_like(str(name), BY_CODE)}")
        when = tuple(self._line(text) for text in t.get("when", []))
        for key in ("zh", "en"):
            for name in _SPOKEN.findall(str(t.get(key, ""))):
                self._name(name)
        level = str(t.get("level", "low"))
        return Rule(
            code=str(t.get("code", "")), type=str(t.get("type", "")), level=level, on=tuple(t.get("on", ())),
            bucket=self._bucket(), when=when, zh=str(t.get("zh", "")), en=str(t.get("en", "")), line=self.first,
            weight=self._weight(level),
        )  # fmt: skip

    def _weight(self, level: str) -> float:
        weight = self.table.get("weight", WEIGHTS.get(level, 1.0))
        if not isinstance(weight, int | float) or not 0 <= weight <= 10:  # noqa: PLR2004 - said in the sentence
            self.fault("weight", "weight is a number between 0 and 10")
            return 1.0
        return float(weight)

    def _bucket(self) -> int:
        try:
            seconds = int(span(str(self.table.get("bucket", "24h"))).total_seconds())
        except SourceError as error:
            self.fault("bucket", f"bucket: {error}")
            return 86_400
        if not 300 <= seconds <= 30 * 86_400:  # noqa: PLR2004 - said in the sentence
            self.fault("bucket", "bucket must lie between 5m and 30d")
        return seconds

    def _one_of(self, key: str, known: Iterable[str]) -> None:
        value = self.table.get(key)
        if value and value not in known:
            self.fault(
                f"{key} =", f"{key} {value!r} is not known (one of {', '.join(known)}){_like(str(value), known)}"
            )

    def _name(self, name: str) -> bool:
        if name in NAMES:
            return True
        self.fault(name, f"no feature {name!r}{_like(name, NAMES)}")
        return False

    def _line(self, text: Any) -> tuple[Condition, ...]:  # noqa: ANN401 - straight from the file
        if not isinstance(text, str) or not text.strip():
            self.fault("when", f'when holds texts such as "person.calls_in_24h >= 3", not {text!r}')
            return ()
        found = [self._condition(part.strip(), text) for part in re.split(r"\sor\s", text)]
        return tuple(c for c in found if c is not None)

    def _condition(self, part: str, text: str) -> Condition | None:
        match = _CONDITION.fullmatch(part)
        if match is None:
            self.fault(
                text, f"{part!r} is not `feature >= number unit`, `feature > number x feature`, `feature is absent`"
            )
            return None
        name, other = match["name"], match["other"] or ""
        if not self._name(name) or (other and not self._name(other)):
            return None
        if match["absent"]:
            return Condition(name, ABSENT, 0.0)
        unit = unit_of(name)
        if other:
            if unit_of(other) != unit:
                self.fault(text, f"{name} is {unit}, {other} is {unit_of(other)}: they cannot be compared")
            return Condition(name, match["op"], float(match["number"]), other)
        given = match["unit"] or ""
        if given not in _UNITS[unit]:
            right = " or ".join(u or "a bare number" for u in _UNITS[unit])
            self.fault(text, f"{name} is {unit}: write {right}, not {given or 'a bare number'}")
            return None
        return Condition(name, match["op"], float(match["number"]) * _UNITS[unit][given])


def _like(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; do you mean {near[0]!r}?" if near else ""
