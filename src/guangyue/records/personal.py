"""Personal answers of a matter: sealed beside the journal, a salted digest in it (个人信息)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from guangyue.city.personal import Kind as PersonalKind
from guangyue.city.personal import Sealed
from guangyue.kernel.grammar import Kind

if TYPE_CHECKING:
    from datetime import datetime

    from guangyue.kernel import Procedure
    from guangyue.records.database import Db

__all__ = ["Value", "erase", "reveal", "seal_value", "sealed_label"]

_KINDS = {Kind.PHONE: PersonalKind.PHONE, Kind.PLATE: PersonalKind.NOTE}


@dataclass(frozen=True, slots=True)
class Value:
    """A sealed answer, ready to be stored, and what the journal says in its place."""

    name: str
    kind: str
    token: bytes
    search: bytes
    digest: str


def sealed_label(procedure: str, name: str) -> str:
    """The name of the field for which an answer is sealed."""
    return f"matter.{procedure}.{name}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def seal_value(procedure: Procedure, name: str, value: object) -> Value:
    """Seal one answer to a personal field."""
    field = procedure.tables.fields.get(name)
    kind = _KINDS.get(field.kind, PersonalKind.NOTE) if field else PersonalKind.NOTE
    sealed = Sealed.of(kind, sealed_label(procedure.code, name), _text(value))
    return Value(name, str(kind), sealed.token, sealed.search_key(), sealed.digest())


def reveal(db: Db, matter: int, name: str, purpose: Any) -> str | None:  # noqa: ANN401 - a `city.personal.Purpose`
    """The latest answer in plain text, once the reading stands in the access log; nothing when it was erased."""
    row = db.execute(
        "select p.kind, p.token, m.procedure from personal_value p join matter m on m.id = p.matter_id"
        " where p.matter_id = %s and p.name = %s order by p.seq desc limit 1",
        [matter, name],
    ).fetchone()
    if row is None or row[1] is None:
        return None
    sealed = Sealed(PersonalKind(row[0]), sealed_label(row[2], name), bytes(row[1]), owner=str(matter))
    return sealed.reveal(purpose)


def erase(db: Db, matter: int, at: datetime, names: tuple[str, ...] = ()) -> int:
    """Remove the plain values for good; the journal's digests stay, and its chain stays sound. Answers with how many."""
    return db.execute(
        "update personal_value set token = null, search = null, erased_at = %s"
        " where matter_id = %s and token is not null and (%s::text[] = '{}' or name = any(%s))",
        [at, matter, list(names), list(names)],
    ).rowcount
