"""The papers of the course, each with what the law says it must carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.kernel.grammar import FieldIs, Paper, T

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guangyue.kernel.grammar import Condition
    from guangyue.law import Text

__all__ = [
    "DECISION", "DECISION_WARNING", "E_SERVICE", "HANDED", "ORDER", "RECEIPT", "REGISTRATION", "SIMPLE", "SPOT", "SUMMONS",
    "TOLD", "TOLD_FINE", "URGE", "WARNING", "lawful",
]  # fmt: skip


def lawful(
    code: str,
    title: Text,
    *,
    basis: str,
    fills: Mapping[str, str],
    numbered: str = "",
    cases: tuple[str, ...] = (),
    when: Condition | None = None,
) -> Paper:
    """A paper with the law's list of fields; the values it is filled from are kept with it as they were at its issue."""
    needs = tuple(dict.fromkeys(source for source in fills.values() if not source.startswith("@")))
    return Paper(code, title, needs=needs, basis=basis, fills=fills, numbered=numbered, cases=cases, when=when)


WARNING = lawful(
    "warning",
    T("警告通知", "Warning notice"),
    basis="F-warning",
    fills={
        "number": "@number", "party": "party_name", "facts": "facts", "time": "@moment", "place": "street",
        "basis": "@law", "education": "education", "how_to_be_heard": "@printed", "agency": "@agency",
        "officer_signature": "@officer",
    },
    numbered="warning",
)  # fmt: skip
ORDER = lawful(
    "order",
    T("责令改正通知书", "Order to correct"),
    basis="F-order",
    fills={
        "number": "@number", "party": "party_name", "facts": "facts", "basis": "@law", "term": "correct_by",
        "agency": "@agency", "date": "@moment", "officer_signature": "@officer",
    },
    numbered="order",
)  # fmt: skip
_SPOT = {
    "number": "@number", "party": "party_name", "facts": "facts", "kind": "@printed", "basis": "@law", "amount": "fine",
    "time": "@moment", "place": "street", "remedy": "@printed", "review_first": "@printed", "agency": "@agency",
    "officer_signature": "@officer", "party_signature": "party_signed",
}  # fmt: skip
SPOT = lawful(
    "spot",
    T("当场行政处罚决定书", "On-the-spot penalty decision"),
    basis="F-spot-decision",
    fills=_SPOT,
    numbered="spot",
)
SIMPLE = lawful(
    "simple",
    T("公安交通管理简易程序处罚决定书", "Traffic penalty decision, simple procedure"),
    basis="F-traffic-simple",
    fills=_SPOT | {"plate": "vehicle_text", "vehicle_type": "vehicle_type", "performance": "@printed", "seal": "@seal"},
    numbered="simple",
)
SUMMONS = lawful(
    "summons",
    T("道路交通安全违法行为处理通知书", "Notice to come and have it handled"),
    basis="F-traffic-notice",
    fills={
        "number": "@number", "party": "party_name", "plate": "vehicle_text", "vehicle_type": "vehicle_type",
        "facts": "facts", "come_where": "@printed", "come_when": "@printed", "agency": "@agency", "seal": "@seal",
        "officer_signature": "@officer", "party_signature": "party_signed",
    },
    numbered="summons",
)  # fmt: skip
REGISTRATION = lawful(
    "registration",
    T("先行登记保存证据通知书", "Evidence kept by registration"),
    basis="F-registration",
    fills={
        "number": "@number", "party": "party_name", "goods": "goods", "reason": "facts", "basis": "@law",
        "term": "keep_until", "agency": "@agency", "date": "@moment", "officer_signature": "@officer",
        "party_signature": "party_signed",
    },
    numbered="registration",
)  # fmt: skip
_TOLD = {
    "number": "@number", "party": "party_name", "facts": "facts", "evidence": "evidence_list", "kind": "measure",
    "basis": "@law", "how_to_be_heard": "@printed", "agency": "@agency", "date": "@moment", "seal": "@seal",
}  # fmt: skip
TOLD = lawful(
    "told",
    T("行政处罚事先告知书", "Notice of an intended penalty"),
    basis="F-told",
    fills=_TOLD,
    numbered="told",
    when=FieldIs("measure", ("warning",)),
)
TOLD_FINE = lawful(
    "told_fine",
    T("行政处罚事先告知书", "Notice of an intended penalty"),
    basis="F-told",
    fills=_TOLD | {"amount": "told_fine"},
    cases=("fine",),
    numbered="told",
    when=FieldIs("measure", ("fine",)),
)
_DECISION = {
    "number": "@number", "party": "party_name", "party_address": "party_address", "facts": "facts",
    "evidence": "evidence_list", "kind": "@printed", "basis": "@law", "performance": "@printed", "remedy": "@printed",
    "agency": "@agency", "date": "@moment", "seal": "@seal",
}  # fmt: skip
DECISION = lawful(
    "decision",
    T("行政处罚决定书", "Penalty decision"),
    basis="F-decision",
    fills=_DECISION | {"amount": "fine", "late_fee": "@printed"},
    cases=("fine",),
    numbered="decision",
)
DECISION_WARNING = lawful(
    "decision_warning",
    T("行政处罚决定书（警告）", "Penalty decision (warning)"),
    basis="F-decision",
    fills=_DECISION,
    numbered="decision",
)
E_SERVICE = lawful(
    "e_service",
    T("电子送达确认书", "Confirmation of e-service"),
    basis="F-e-service",
    fills={"consent": "consent", "e_address": "e_address", "sent_at": "sent_at", "privacy_check": "@printed"},
    numbered="eservice",
    when=FieldIs("way", ("electronic",)),
)
URGE = lawful(
    "urge",
    T("催告书", "Reminder to perform"),
    basis="F-urge",
    fills={
        "number": "@number", "party": "party_name", "obligation": "@printed", "performance": "@printed", "amount": "fine",
        "how_to_be_heard": "@printed", "agency": "@agency", "date": "@moment", "seal": "@seal",
    },
    numbered="urge",
)  # fmt: skip
HANDED = lawful(
    "handed",
    T("案件移交单", "Hand-over of a case"),
    basis="F-handover",
    fills={
        "number": "@number", "facts": "facts", "place": "street", "reason": "reason", "basis": "@law",
        "agency": "@agency", "date": "@moment", "officer_signature": "@officer",
    },
    numbered="handed",
)  # fmt: skip
RECEIPT = lawful(
    "receipt",
    T("案件移交回执", "Receipt of a case handed over"),
    basis="F-receipt",
    fills={
        "number": "@number", "facts": "facts", "agency": "@agency", "date": "@moment", "officer_signature": "@officer",
    },
    numbered="receipt",
)  # fmt: skip
