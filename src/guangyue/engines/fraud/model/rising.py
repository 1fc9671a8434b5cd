"""Features of which more can only make a scam likelier: the trees are held to that.

An officer must be able to say "because of two calls from abroad" without the model having meant the opposite; and a model
that may not learn accidents of its training months is better on kinds of scams it has never seen.
"""

from __future__ import annotations

from guangyue.engines.fraud.catalogue import NAMES

__all__ = ["RISING", "constraints"]

RISING: frozenset[str] = frozenset({
    # strangers on the line
    "calls_abroad_1h", "calls_abroad_24h", "calls_virtual_24h", "talk_in_1h", "talk_in_max_24h", "stranger_callers_24h",
    "stranger_talk_1h", "stranger_share_24h", "calls_spoofed_24h", "countries_24h", "forwarded_24h", "number_replaced_7d",
    # messages
    "sms_otp_1h", "sms_otp_senders_1h", "sms_otp_burst", "sms_link_24h", "sms_score_max_24h",
    # money to strangers, gathered, borrowed
    "out_new_count_24h", "out_new_sum_1h", "out_new_sum_24h", "out_max_24h", "in_sum_24h", "pay_new_sum_24h",
    "gift_cards_24h", "small_returns_24h", "loan_applications_24h", "lenders_24h", "loan_money_24h",
    # sites, apps, shared screens, new acquaintances
    "risky_visits_24h", "visit_score_max_24h", "young_domains_24h", "sideloads_24h", "control_apps_24h", "shares_1h",
    "share_bank_1h", "contacts_24h", "groups_7d", "contact_risk_max_7d", "clues_24h", "harmed_before",
    # the known orders of events
    "overseas_share_pay", "link_visit_pay", "return_then_pay", "loan_code_pay", "call_install_share",
})  # fmt: skip
"""Names of a person's features; one that the catalogue does not have is a fault a test finds."""


def constraints() -> list[int]:
    """LightGBM's monotone constraint of each column of the vector: 1 where more never lowers the score."""
    return [int(name.startswith("person.") and name.removeprefix("person.") in RISING) for name in NAMES]
