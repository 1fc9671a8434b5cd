"""A day of the fraud engine in small, as its file tells it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from guangyue.web.console.fraud_day import FORMAT

__all__ = ["BEGIN", "DAY", "warning"]

BEGIN = datetime(2026, 3, 1, 16, tzinfo=UTC)  # midnight in the city


def ms(hours):
    return round((BEGIN + timedelta(hours=hours)).timestamp() * 1000)


def warning(hours, person, level, **more):
    return {
        "id": f"{person}{hours}", "at": ms(hours), "person": person, "level": level, "rule": "loan.fee", "kind": "loan",
        "zh": "当天访问贷款网站后向陌生人转账", "en": "A loan site, then a transfer to a stranger", "times": [ms(hours)],
    } | more  # fmt: skip


DAY = {
    "format": FORMAT, "begin": ms(0), "day": 4, "records": 1234, "residents": 500, "left_out": 2,
    "levels": ["urgent", "high", "medium", "low"],
    "warnings": [
        warning(9, "abc123def", "high", times=[ms(9), ms(9.5), ms(20)]),
        warning(14, "77777", "low"),
        warning(15, "abc123def", "urgent"),
    ],
    "people": [
        {
            "person": "abc123def",
            "records": [
                {"at": ms(8), "source": "sms", "zh": "短信", "en": "Text message", "said": [["score", "评分", "912"]]},
                {"at": ms(16), "source": "bank_transfer", "zh": "银行转账", "en": "Bank transfer", "said": []},
            ],
            "truth": [
                {"script": "loan", "scam": True, "contact": ms(7), "hooked": -1, "leaves": ms(16), "loss": 800_000}
            ],
        },
        {"person": "77777", "records": [], "truth": []},
    ],
}  # fmt: skip
