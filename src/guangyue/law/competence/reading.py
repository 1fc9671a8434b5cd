"""Reading a file of data so that every fault names its line (逐行报错).

A file is TOML with one key a line. A :class:`Node` stands for one table of it; whatever is asked of a node and is not as
it should be is noted with the line, and reading goes on, so that one run shows all faults.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from guangyue.law.override import override
from guangyue.law.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CatalogueError", "LineFault", "Node", "open_text"]

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\-]+)\s*\]\]?")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*=")
_AT = re.compile(r"at line (\d+)")
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong in a file, and in which line."""

    file: str
    line: int
    code: str
    what: str

    @override
    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.code}: {self.what}"


class CatalogueError(ValueError):
    """Files that cannot be used; every fault with its line."""

    def __init__(self, faults: tuple[LineFault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


def lines_of(text: str) -> dict[tuple[str, ...], int]:
    """For every table and key of a TOML text the line it stands in; tables of an array are numbered from 0."""
    found: dict[tuple[str, ...], int] = {(): 1}
    counts: dict[tuple[str, ...], int] = {}
    here: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            here = ()
            names = header[2].split(".")
            for index, name in enumerate(names):
                here += (name,)
                last = index == len(names) - 1
                if last and header[1] == "[[":
                    counts[here] = counts.get(here, -1) + 1
                if here in counts:
                    here += (str(counts[here]),)
            found[here] = number
        elif key := _KEY.match(line):
            found[*here, key[1]] = number
    return found


def open_text(text: str, file: str, faults: list[LineFault]) -> Node | None:
    """The outermost table, or nothing when it is no TOML at all."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        faults.append(LineFault(file, int(at[1]) if at else 1, "toml", str(error)))
        return None
    return Node(data, (), file, lines_of(text), faults)


class Node:
    """One table: every question takes a key away, what is left at the end is unknown."""

    def __init__(
        self,
        data: dict[str, Any],
        path: tuple[str, ...],
        file: str,
        lines: dict[tuple[str, ...], int],
        faults: list[LineFault],
    ) -> None:
        """A table at a path of a file whose lines are known; faults are added to the list."""
        self._data = dict(data)
        self._path, self._file, self._lines, self._faults = path, file, lines, faults

    def line(self, key: str = "") -> int:
        """The line of a key, else of its table."""
        path = (*self._path, key) if key else self._path
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def fault(self, code: str, what: str, key: str = "") -> None:
        """Notes that something is wrong."""
        self._faults.append(LineFault(self._file, self.line(key), code, what))

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def _take(self, key: str, kind: type, default: Any, code: str) -> Any:  # noqa: ANN401 - whatever stands there
        if key not in self._data:
            if default is None:
                self.fault("missing", f"“{key}” is missing", key)
            return default
        value = self._data.pop(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.fault(code, f"“{key}” must be {kind.__name__}", key)
            return default
        return value

    def word(self, key: str, default: str | None = None) -> str:
        """A text in one language; without a default it must be there."""
        return str(self._take(key, str, default, "not_text") or "")

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number, not below nought."""
        value = int(self._take(key, int, default, "not_number") or 0)
        if value < 0:
            self.fault("negative", f"“{key}” is below nought", key)
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Yes or no."""
        return bool(self._take(key, bool, default, "not_yes_no"))

    def text(self, key: str, *, optional: bool = False) -> Text:
        """A wording ``{ zh = "…", en = "…" }``; both languages must be there."""
        if optional and key not in self._data:
            return Text("", "")
        said = self._take(key, dict, None, "not_text") or {}
        zh, en = said.get("zh", ""), said.get("en", "")
        if not (isinstance(zh, str) and isinstance(en, str) and zh.strip() and en.strip()) or set(said) - {"zh", "en"}:
            self.fault("language", f"“{key}” needs zh and en, and nothing else", key)
            return Text(str(zh), str(en))
        return Text(zh, en)

    def one(self, key: str, kind: type[E], default: E | None = None) -> E | None:
        """A word of a list that the law knows."""
        said = self.word(key, default)
        try:
            return kind(said) if said else default
        except ValueError:
            self.fault("unknown", f"“{said}” is no {kind.__name__.lower()}; known: {', '.join(kind)}", key)
            return default

    def several(self, key: str, kind: type[E], *, optional: bool = False) -> tuple[E, ...]:
        """Several words of a list that the law knows, in the order given."""
        found = []
        for said in self._take(key, list, [] if optional else None, "not_list") or ():
            try:
                found.append(kind(said))
            except ValueError:
                self.fault("unknown", f"“{said}” is no {kind.__name__.lower()}; known: {', '.join(kind)}", key)
        return tuple(found)

    def table(self, key: str) -> Node | None:
        """A table within, when it is there."""
        if key not in self._data:
            return None
        data = self._take(key, dict, None, "not_table") or {}
        return Node(data, (*self._path, key), self._file, self._lines, self._faults)

    def tables(self, key: str, *, optional: bool = False) -> Iterator[Node]:
        """The tables of an array ``[[key]]``."""
        for n, data in enumerate(self._take(key, list, [] if optional else None, "not_tables") or ()):
            if isinstance(data, dict):
                yield Node(data, (*self._path, key, str(n)), self._file, self._lines, self._faults)
            else:
                self.fault("not_table", f"“{key}” must be tables", key)

    def keys(self) -> tuple[str, ...]:
        """What has not been asked for yet."""
        return tuple(self._data)

    def done(self) -> None:
        """Nothing else may stand here."""
        for key in self._data:
            self.fault("stray", f"“{key}” means nothing here", key)
