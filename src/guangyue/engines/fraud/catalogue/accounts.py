# ruff: noqa: E501 - one declaration a line reads like a table
"""How money passes through an account, and who uses a device: mules show here."""

from __future__ import annotations

from guangyue.engines.fraud.catalogue._short import feature as f
from guangyue.engines.fraud.catalogue._short import sequence

__all__ = ["ACCOUNT", "DEVICE"]

_OUT = "direction = out"
_IN = "direction = in"

ACCOUNT = (
    # as the payers see it
    f("payers_1h", "bank_transfer.other_account", "fan_in person", "1h", "一小时内汇入的人数", "different payers in an hour", where=_OUT),
    f("payers_24h", "bank_transfer.other_account", "fan_in person", "24h", "一天内汇入的人数", "different payers in a day", where=_OUT),
    f("received_24h", "bank_transfer.other_account", "sum amount", "24h", "一天内收款金额", "money received in a day", where=_OUT),
    f("received_max_24h", "bank_transfer.other_account", "max amount", "24h", "一天内最大一笔收款", "largest amount received in a day", where=_OUT),
    f("seen_30d", "bank_transfer.other_account", "first", "30d", "首次收款至今（新账户）", "time since the first amount received"),
    f("scan_payers_24h", "payment.other_account", "fan_in person", "24h", "一天内扫码付款的人数", "different people paying by code in a day", where=_OUT),
    f("reports_30d", "police_report.other_account", "count", "30d", "三十天内被报警次数", "police reports naming it in thirty days"),
    f("clues_30d", "clue.other_account", "count", "30d", "三十天内线索涉及次数", "clues naming it in thirty days"),
    # as its own bank sees it
    f("out_sum_1h", "bank_transfer.own_account", "sum amount", "1h", "一小时内转出金额", "money out in an hour", where=_OUT),
    f("in_sum_1h", "bank_transfer.own_account", "sum amount", "1h", "一小时内转入金额", "money in in an hour", where=_IN),
    f("payees_24h", "bank_transfer.own_account", "fan_out other_account", "24h", "一天内转出账户数", "different payees in a day", where=_OUT),
    f("sources_24h", "bank_transfer.own_account", "fan_in other_account", "24h", "一天内转入账户数", "different accounts paying in, in a day", where=_IN),
    f("pass_through_24h", "bank_transfer.own_account", "ratio amount", "24h", "快进快出：转出与转入之比", "money out over money in: passed through", where=_OUT, over=_IN),
    f("balance_min_24h", "bank_transfer.own_account", "min balance", "24h", "一天内最低余额（不留余额）", "lowest balance in a day"),
    f("amount_std_24h", "bank_transfer.own_account", "std amount", "24h", "转账金额的波动", "spread of amounts in a day"),
    f("out_mean_30d", "bank_transfer.own_account", "mean amount", "30d", "三十天平均转出金额", "usual amount out", where=_OUT),
    f("devices_24h", "bank_transfer.own_account", "distinct device", "24h", "一天内登录设备数", "different devices in a day"),
    f("cash_out_24h", "cash.own_account", "sum amount", "24h", "一天内取现金额", "cash withdrawn in a day", where="direction = withdraw"),
    f("cash_away_24h", "cash.own_account", "count", "24h", "一天内异地取现", "withdrawals away from home in a day", where="direction = withdraw and away = 1"),
    f("opened_30d", "account_opening.own_account", "first", "30d", "开户至今（新账户）", "time since the account was opened"),
    f("listed_30d", "account_risk.own_account", "count", "30d", "三十天内列入风险名单", "put on a risk list in thirty days", where="event = listed"),
    sequence(
        "in_out_cash", "own_account", "1h",
        (("bank_transfer", "direction = in and amount >= 100000"), ("cash", "direction = withdraw")),
        "一小时内：大额转入后取现（洗钱）", "a large amount in, then cash out (mule)",
    ),
)  # fmt: skip

DEVICE = (
    f("persons_24h", "bank_transfer.device", "distinct person", "24h", "一天内使用该设备转账的人数", "people moving money on it in a day"),
    f("accounts_24h", "bank_transfer.device", "distinct own_account", "24h", "一天内该设备登录的账户数", "accounts used on it in a day"),
    f("accounts_30d", "bank_transfer.device", "distinct own_account", "30d", "三十天内该设备登录的账户数", "accounts used on it in thirty days"),
    f("out_sum_1h", "bank_transfer.device", "sum amount", "1h", "一小时内从该设备转出的金额", "money moved from it in an hour", where=_OUT),
    f("opened_24h", "account_opening.device", "count", "24h", "一天内该设备开立的账户", "accounts opened on it in a day"),
    f("shares_24h", "remote_control.device", "count", "24h", "一天内被远程控制次数", "screen shares and remote controls in a day", where="event = start"),
    f("sideloads_7d", "app_install.device", "count", "7d", "一周内安装非商店应用", "apps installed outside the stores in a week", where="sideloaded = 1"),
    f("risky_visits_24h", "domain_visit.device", "count", "24h", "一天内访问可疑网站次数", "visits to suspicious sites in a day", where="category in phishing|investment|loan|gambling|remote_tool|brushing"),
    f("cards_24h", "forwarding.device", "max cards", "24h", "一天内插过的卡数（猫池）", "SIM cards seen in it in a day (SIM box)"),
)  # fmt: skip
