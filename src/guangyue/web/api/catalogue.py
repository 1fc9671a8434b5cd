"""What can be done: the declared procedures."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path

from guangyue.records.library import LIBRARY
from guangyue.web.api.acts import Code
from guangyue.web.api.callers import caller
from guangyue.web.api.describing import described
from guangyue.web.api.problems import Problem
from guangyue.web.api.site import api

__all__: list[str] = []


@api.get("/procedures", summary="The declared procedures", operation_id="list_procedures")
def list_procedures(request: HttpRequest) -> dict[str, list[dict[str, Any]]]:
    """Every procedure in force: states, acts, forms, evidence; ``mine`` marks acts the caller holds a role for."""
    viewer = caller(request)
    return {"procedures": [described(LIBRARY[code, 0], viewer) for code in LIBRARY.codes()]}


@api.get("/procedures/{code}", summary="One procedure", operation_id="show_procedure")
def show_procedure(request: HttpRequest, code: Path[Code]) -> dict[str, Any]:
    """The same for one procedure."""
    if (code, 0) not in LIBRARY:
        raise Problem("no_procedure")
    return described(LIBRARY[code, 0], caller(request))
