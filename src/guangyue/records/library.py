"""The declared procedures of this installation, every version that a matter may still follow.

Desks register what they declare. The canonical text of each is kept in the database under its digest, so that a matter
opened under a version that the code no longer has is still decided by that version.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from guangyue.kernel import Matter, Procedure, canonical, read_procedure

if TYPE_CHECKING:
    from guangyue.records.database import Db

__all__ = ["LIBRARY", "Description", "Library", "UnknownProcedureError"]


class UnknownProcedureError(LookupError):
    """No procedure of that code and version is declared or kept."""


@dataclass(frozen=True, slots=True)
class Description:
    """How a matter is listed, found and put on the map; worked out anew whenever its fields change.

    Attributes:
        title: one line for lists, without personal data.
        place: the place in words.
        position: longitude and latitude in micro-degrees, WGS-84.
        cell: its H3 cell.
        subject: keyed hash of what it is about (plate, party, account).
        assignee: the person in charge.
    """

    title: str = ""
    place: str = ""
    position: tuple[int, int] | None = None
    cell: int | None = None
    subject: bytes | None = None
    assignee: str = ""


Describe = Callable[[Matter], Description]


def _plain(matter: Matter) -> Description:
    at = matter.fields.get("place")
    position = (at[0], at[1]) if isinstance(at, tuple | list) and len(at) == 2 else None  # noqa: PLR2004 - a pair
    said = [str(matter.fields[name]) for name in ("title", "plate", "street") if matter.fields.get(name)]
    street = matter.fields.get("street")
    return Description(title=" · ".join(said), place=str(street or ""), position=position)


class Library:
    """Procedures by code and version; version 0 is the one now in force. Serves as the kernel's library."""

    def __init__(self) -> None:
        """An empty one."""
        self._known: dict[tuple[str, int], Procedure] = {}
        self._describe: dict[str, Describe] = {}
        self._kept: set[tuple[str, str]] = set()
        self._plate_key: Callable[[str], bytes] | None = None

    def find_plates_with(self, key: Callable[[str], bytes]) -> None:
        """Make matters with a plate findable by its keyed hash, where their desk describes no other subject."""
        self._plate_key = key

    def register(self, procedure: Procedure, describe: Describe | None = None) -> Procedure:
        """Take in a declaration; the highest version of a code is in force.

        Raises:
            ValueError: when another declaration with the same code and version is known.
        """
        key = (procedure.code, procedure.version)
        known = self._known.get(key)
        if known is not None and known.digest != procedure.digest:
            raise ValueError(f"{procedure.code} version {procedure.version} was declared otherwise before")
        self._known[key] = procedure
        if (procedure.code, 0) not in self._known or self._known[procedure.code, 0].version <= procedure.version:
            self._known[procedure.code, 0] = procedure
        if describe is not None:
            self._describe[procedure.code] = describe
        return procedure

    def __getitem__(self, key: tuple[str, int]) -> Procedure:
        """The procedure with this code and version."""
        return self._known[key]

    def __contains__(self, key: object) -> bool:
        """Whether it is declared or was read back."""
        return key in self._known

    def codes(self) -> list[str]:
        """The codes of all procedures in force."""
        return sorted(code for code, version in self._known if version == 0)

    def known(self) -> list[Procedure]:
        """Every declaration, all versions."""
        return [p for (_, version), p in self._known.items() if version]

    def find(self, db: Db, code: str, version: int = 0) -> Procedure:
        """The procedure a matter follows; a retired version is read back from its kept text.

        Raises:
            UnknownProcedureError: when there is none.
        """
        found = self._known.get((code, version))
        if found is None and version:
            row = db.execute(
                "select canonical from procedure_text where code = %s and version = %s", [code, version]
            ).fetchone()
            if row:
                found = self._known[code, version] = read_procedure(row[0])
        if found is None:
            raise UnknownProcedureError(f"{code} version {version}")
        return found

    def keep(self, db: Db, procedure: Procedure) -> tuple[str, str] | None:
        """Keep a procedure's text under its digest; answers with what to :meth:`confirm` once that is committed."""
        mark = (db.info.dbname, procedure.digest)
        if mark in self._kept:
            return None
        db.execute(
            "insert into procedure_text (digest, code, version, canonical) values (%s, %s, %s, %s) on conflict do nothing",
            [bytes.fromhex(procedure.digest), procedure.code, procedure.version, canonical(procedure)],
        )
        return mark

    def confirm(self, marks: set[tuple[str, str]]) -> None:
        """These texts are committed and need not be sent again."""
        self._kept |= marks

    def describe(self, matter: Matter) -> Description:
        """How a matter is listed."""
        told = self._describe.get(matter.procedure, _plain)(matter)
        plate = matter.fields.get("plate")
        if told.subject is None and self._plate_key is not None and isinstance(plate, str) and plate:
            return replace(told, subject=self._plate_key(plate))
        return told


LIBRARY = Library()
"""What the desks of this process have registered."""
