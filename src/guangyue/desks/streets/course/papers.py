"""The papers of the course, each with what the law says it must carry."""

from __future__ import annotations

from guangyue.kernel.grammar import FieldIs, Paper, T

__all__ = [
    "DECISION", "DECISION_WARNING", "E_SERVICE", "HANDED", "ORDER", "RECEIPT", "REGISTRATION", "SIMPLE", "SPOT", "SUMMONS",
    "TOLD", "TOLD_FINE", "URGE", "WARNING",
]  # fmt: skip

WARNING = Paper(
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
ORDER = Paper(
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
SPOT = Paper(
    "spot",
    T("当场行政处罚决定书", "On-the-spot penalty decision"),
    basis="F-spot-decision",
    fills=_SPOT,
    numbered="spot",
)
SIMPLE = Paper(
    "simple",
    T("公安交通管理简易程序处罚决定书", "Traffic penalty decision, simple procedure"),
    basis="F-traffic-simple",
    fills=_SPOT | {"plate": "vehicle_text", "vehicle_type": "vehicle_type", "performance": "@printed", "seal": "@seal"},
    numbered="simple",
)
SUMMONS = Paper(
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
REGISTRATION = Paper(
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
TOLD = Paper(
    "told",
    T("行政处罚事先告知书", "Notice of an intended penalty"),
    basis="F-told",
    fills=_TOLD,
    numbered="told",
    when=FieldIs("measure", ("warning",)),
)
TOLD_FINE = Paper(
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
DECISION = Paper(
    "decision",
    T("行政处罚决定书", "Penalty decision"),
    needs=("fine",),
    basis="F-decision",
    fills=_DECISION | {"amount": "fine", "late_fee": "@printed"},
    cases=("fine",),
    numbered="decision",
)
DECISION_WARNING = Paper(
    "decision_warning",
    T("行政处罚决定书（警告）", "Penalty decision (warning)"),
    basis="F-decision",
    fills=_DECISION,
    numbered="decision",
)
E_SERVICE = Paper(
    "e_service",
    T("电子送达确认书", "Confirmation of e-service"),
    basis="F-e-service",
    fills={"consent": "consent", "e_address": "e_address", "sent_at": "sent_at", "privacy_check": "@printed"},
    when=FieldIs("way", ("electronic",)),
)
URGE = Paper(
    "urge",
    T("催告书", "Reminder to perform"),
    basis="F-urge",
    fills={
        "number": "@number", "party": "party_name", "obligation": "@printed", "performance": "@printed", "amount": "fine",
        "how_to_be_heard": "@printed", "agency": "@agency", "date": "@moment", "seal": "@seal",
    },
    numbered="urge",
)  # fmt: skip
HANDED = Paper(
    "handed",
    T("案件移交单", "Hand-over of a case"),
    basis="F-handover",
    fills={
        "number": "@number", "facts": "facts", "place": "street", "reason": "reason", "basis": "@law",
        "agency": "@agency", "date": "@moment", "officer_signature": "@officer",
    },
    numbered="handed",
)  # fmt: skip
RECEIPT = Paper(
    "receipt",
    T("案件移交回执", "Receipt of a case handed over"),
    basis="F-receipt",
    fills={
        "number": "@number", "facts": "facts", "agency": "@agency", "date": "@moment", "officer_signature": "@officer",
    },
    numbered="receipt",
)  # fmt: skip
