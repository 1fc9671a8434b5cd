"""The OpenAPI document: ninja's own, with the schema of every act of every registered procedure put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guangyue.records.library import LIBRARY
from guangyue.web.api.describing import act_schema, acts
from guangyue.web.api.problems import TITLES, TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["with_acts"]

Data = dict[str, Any]
PROBLEM: Data = {
    "title": "Problem",
    "description": "RFC 9457: all the reasons at once, each with a stable code, words, and the field it belongs to.",
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": sorted(TITLES)},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "reasons": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "text"],
                "properties": {name: {"type": "string"} for name in ("code", "text", "field", "matter")},
            },
        },
    },
}


def with_acts(document: Data) -> Data:
    """The document with the acts, and with the problem documents that every operation may answer."""
    schemas = document["components"]["schemas"]
    schemas["Problem"] = PROBLEM
    opening: list[Data] = []
    later: list[Data] = []
    for code in LIBRARY.codes():
        procedure = LIBRARY[code, 0]
        for action in acts(procedure):
            name = f"{procedure.code}.{action.code}"
            schemas[name] = act_schema(procedure, action)
            (opening if action.opens else later).append({"$ref": f"#/components/schemas/{name}"})
    for path, refs in (("/api/matters", opening), ("/api/matters/{matter}/actions/{code}", later)):
        body = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        body["schema"] = {"anyOf": refs}
    for operations in document["paths"].values():
        for method, operation in operations.items():
            _problems(operation, _statuses(method))
    return document


def _statuses(method: str) -> Iterable[int]:
    return (400, 401, 403, 404, 409, 413, 422, 429) if method == "post" else (400, 401, 403, 404, 429)


def _problems(operation: Data, statuses: Iterable[int]) -> None:
    for status in statuses:
        titles = [t.en for s, t in TITLES.values() if s == status]
        operation["responses"][str(status)] = {
            "description": "; ".join(titles),
            "content": {TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
