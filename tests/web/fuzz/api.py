"""The OpenAPI document against the API: cases that fit it and cases that do not, from everybody; answers must fit it too."""

from __future__ import annotations

from typing import Any

import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import Failure, FailureGroup
from tests.web.fuzz.judge import Judge
from tests.web.fuzz.nasty import TIMES, for_header, for_text
from tests.web.fuzz.pages import quietly
from tests.web.fuzz.stage import Stage

from guangyue.web.wsgi import application

__all__ = ["fuzz_api", "operations"]

PART = "api"
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
WHO = 3
"""Whom a case is sent as: two by chance, and one who may go on."""
ACTS = ("gone", "still_there", "approve", "reject", "admonish", "affix", "serve_notice", "object", "uphold", "deny")


def operations() -> dict[str, Any]:
    """Every operation of the document, by its name."""
    load_all_checks()
    document = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    found = {}
    for result in document.get_all_operations():
        operation = result.ok()
        found[operation.label] = operation
    return found


def fuzz_api(judge: Judge, stage: Stage, requests: int, chance: int) -> None:
    """So many requests, shared among the operations; twice as many for those that write."""
    found = operations()
    weights = {label: 3 if label.startswith("POST") else 1 for label in found}
    for n, (label, operation) in enumerate(found.items()):
        share = max(2, requests * weights[label] // sum(weights.values()))
        _operation(judge, stage, operation, share, chance * 100 + n)


def _operation(judge: Judge, stage: Stage, operation: Any, requests: int, chance: int) -> None:
    checks = [CHECKS.get_one(n) for n in (
        "status_code_conformance", "content_type_conformance", "response_schema_conformance", "response_headers_conformance",
    )]  # fmt: skip
    strategy = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in MODES))

    many = 1 + len(stage.logins) if stage.everybody else WHO

    @quietly(max(1, requests // many), chance)
    @given(
        case=strategy, logins=st.lists(st.sampled_from(stage.logins), min_size=WHO - 1, max_size=WHO - 1),
        able=st.sampled_from(("urban1", "review1", "traffic1")), ref=st.sampled_from(stage.refs), act=st.sampled_from(ACTS),
        known=st.booleans(), key=st.one_of(st.integers(0, 1 << 60), for_header), said=for_text, at=st.sampled_from(TIMES),
        spoil=st.integers(0, 9),
    )  # fmt: skip
    def send(case, logins, able, ref, act, known, key, said, at, spoil) -> None:
        if known and "matter" in (case.path_parameters or {}):
            case.path_parameters["matter"] = ref
        if known and case.path_parameters and operation.path.endswith("/actions/{code}"):
            case.path_parameters["code"] = act
        if isinstance(case.body, dict):
            _spoil(case.body, spoil, said, at, stage)
        for login in (*(stage.logins if stage.everybody else logins), able):
            headers = {"Idempotency-Key": said_key} if (said_key := str(key).strip()) else {}
            if stage.tokens[login]:
                headers["Authorization"] = f"Bearer {stage.tokens[login]}"
            _one(judge, operation, case, login, headers, checks)

    send()


def _one(judge: Judge, operation: Any, case: Any, login: str, headers: dict[str, str], checks: list[Any]) -> None:
    told = f"{operation.label} as {login or 'nobody'}: {case.path_parameters} {case.query} {case.headers} {case.body!r}"
    with judge.watched(PART, told):
        answer = case.call(headers=headers)
        judge.answered(PART, told, answer.status_code, answer.content)
        if answer.status_code >= 500:
            return
        try:
            case.validate_response(answer, checks=checks)
        except FailureGroup as group:
            for failure in group.exceptions:
                judge.blame(PART, told, f"{operation.label}: {type(failure).__name__}: {failure}"[:300], "")
        except Failure as failure:
            judge.blame(PART, told, f"{operation.label}: {type(failure).__name__}: {failure}"[:300], "")


def _spoil(body: dict[str, Any], how: int, said: str, at: str, stage: Stage) -> None:
    """What a schema does not think of: clocks of phones that are off, texts that are none, evidence that is there."""
    evidence = (
        [piece for piece in body.get("evidence") or () if isinstance(piece, dict)]
        if isinstance(body.get("evidence"), list)
        else []
    )
    if how in {0, 1}:
        body["observed_at"] = at
    if how in {1, 2} and isinstance(body.get("values"), dict):
        for name in body["values"]:
            body["values"][name] = said
    if how in {3, 4}:
        for piece in evidence:
            piece["taken_at"] = at
    if how in {4, 5, 6, 7}:
        for n, piece in enumerate(evidence):
            piece["sha256"] = stage.digests[n % len(stage.digests)]
