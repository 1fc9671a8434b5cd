"""Who may knock where (权限表): every address the product answers to, what each capacity is told, in ``authz.txt``.

The table is written by hand and reviewed like code. A test fails on an address without a line, knocks at each in every
capacity and compares each cell. Which acts are possible is the procedures' own matrix; which fields of a matter somebody
reads stands in the second part of the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["MARKS", "RELATIONS", "Field", "Row", "Table", "read"]

MARKS = {
    "+": (200, 201, 204), ">": (302,), "b": (400,), "1": (401,), "3": (403,), "4": (404,), "5": (405,), "9": (409,),
    "v": (412,), "t": (415,), "f": (422,), "s": (501,),
}  # fmt: skip
RELATIONS = ("own", "same unit", "other unit", "other agency", "closed")
"""Whose matter it is, seen from whoever knocks: recorded or held by oneself; by the unit; and so on."""


TABLE = Path(__file__).with_name("authz.txt")


@dataclass(frozen=True, slots=True)
class Row:
    """One address, knocked at in one way.

    Attributes:
        name: of the address. method: how one knocks.
        about: ``matter``: one cell for each of :data:`RELATIONS`; ``paper``: a matter that was handed over, and its paper;
            empty: about no matter in particular.
        cells: for each capacity its marks.
    """

    name: str
    method: str
    about: str
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """Whether each capacity that may open a matter reads one of its fields: ``+``, ``-`` (masked), ``.`` (no way in)."""

    name: str
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The whole of it."""

    capacities: tuple[str, ...]
    rows: tuple[Row, ...]
    fields: tuple[Field, ...]


def read(path: Path = TABLE) -> Table:
    """The table.

    Raises:
        ValueError: a line with another number of cells than there are capacities, or an unknown mark.
    """
    capacities: tuple[str, ...] = ()
    rows: list[Row] = []
    fields: list[Field] = []
    for line in path.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        (name, method, about), cells = (words := line.split())[:3], words[3:]
        if name == "address":
            capacities = tuple(cells)
            continue
        if len(cells) != len(capacities):
            raise ValueError(f"{name} has {len(cells)} cells for {len(capacities)} capacities")
        said = dict(zip(capacities, cells, strict=True))
        if name == "reads":
            fields.append(Field(method, said))
        else:
            if stray := set("".join(cells)) - MARKS.keys():
                raise ValueError(f"{name} has unknown marks {sorted(stray)}")
            rows.append(Row(name, method, about.strip("-"), said))
    return Table(capacities, tuple(rows), tuple(fields))
