# ruff: noqa: E501 - one declaration a line reads like a table
"""What happens to a person: who calls and writes, what they open and install, where their money goes."""

from __future__ import annotations

from guangyue.engines.fraud.catalogue._short import feature as f
from guangyue.engines.fraud.catalogue._short import sequence

__all__ = ["PERSON"]

_ABROAD = "direction = in and other_kind in overseas|voip"
_STRANGER = "direction = in and other_kind in mobile|landline|virtual|overseas|voip and new other_phone 30d"
_OUT = "direction = out"
_PAYEE = "direction = out and other_kind in personal|business and new other_account 30d"
_RISKY = "category in phishing|investment|loan|gambling|remote_tool|brushing"

PERSON = (
    # calls
    f("calls_in_24h", "voice_call.person", "count", "24h", "一天内接到的电话次数", "calls received in a day", where="direction = in"),
    f("calls_abroad_1h", "voice_call.person", "count", "1h", "一小时内接到境外或网络电话", "calls from abroad or VoIP in an hour", where=_ABROAD),
    f("calls_abroad_24h", "voice_call.person", "count", "24h", "一天内接到境外或网络电话", "calls from abroad or VoIP in a day", where=_ABROAD),
    f("since_call_abroad", "voice_call.person", "since", "24h", "距最近一次境外或网络来电的时间", "time since the last call from abroad or VoIP", where=_ABROAD),
    f("calls_virtual_24h", "voice_call.person", "count", "24h", "一天内接到虚拟号段电话", "calls from virtual numbers in a day", where="direction = in and other_kind = virtual"),
    f("talk_in_1h", "voice_call.person", "sum duration", "1h", "一小时内接听的通话总时长", "time on received calls in an hour", where="direction = in"),
    f("talk_in_max_24h", "voice_call.person", "max duration", "24h", "一天内接听的最长一次通话", "longest received call in a day", where="direction = in"),
    f("stranger_callers_24h", "voice_call.person", "distinct other_phone", "24h", "一天内首次来电的陌生号码数", "numbers calling for the first time, in a day", where=_STRANGER),
    f("stranger_talk_1h", "voice_call.person", "sum duration", "1h", "一小时内与陌生来电的通话时长", "time on calls from first-time numbers in an hour", where=_STRANGER),
    f("stranger_share_24h", "voice_call.person", "ratio", "24h", "一天来电中陌生号码的占比", "share of first-time numbers among received calls", where=_STRANGER, over="direction = in"),
    f("calls_burst", "voice_call.person", "burst", "24h", "来电突然密集", "calls come in a burst", where="direction = in", part="1h"),
    f("callers_30d", "voice_call.person", "distinct other_phone", "30d", "三十天内的来电号码数（社交圈）", "different callers in thirty days", where="direction = in"),
    f("talk_in_mean_30d", "voice_call.person", "mean duration", "30d", "三十天来电平均时长（平时习惯）", "usual length of received calls", where="direction = in"),
    f("calls_spoofed_24h", "intl_gateway.person", "count", "24h", "一天内接到改号来电", "calls with a forged number in a day", where="spoofed = 1"),
    f("countries_24h", "intl_gateway.person", "distinct country", "24h", "一天内来电的境外国家或地区数", "different countries calling in a day", where="direction = in"),
    # messages
    f("sms_in_24h", "sms.person", "count", "24h", "一天内收到的短信", "messages received in a day", where="direction = in"),
    f("sms_otp_1h", "sms.person", "count", "1h", "一小时内收到的验证码", "one-time codes received in an hour", where="direction = in and otp = 1"),
    f("sms_otp_senders_1h", "sms.person", "distinct other_phone", "1h", "一小时内发来验证码的机构数", "different senders of one-time codes in an hour", where="direction = in and otp = 1"),
    f("sms_otp_burst", "sms.person", "burst", "24h", "验证码突然密集", "one-time codes come in a burst", where="direction = in and otp = 1", part="1h"),
    f("sms_link_24h", "sms.person", "count", "24h", "一天内收到的带网址短信", "messages with a link in a day", where="direction = in and link = 1"),
    f("sms_score_max_24h", "sms.person", "max score", "24h", "一天内最可疑短信的评分", "highest fraud score of a message in a day", where="direction = in"),
    # numbers, whereabouts
    f("forwarded_24h", "forwarding.person", "count", "24h", "一天内设置呼叫转移", "call forwarding switched on in a day", where="event = forward_on"),
    f("number_replaced_7d", "number_registry.person", "count", "7d", "一周内挂失或补换卡", "SIM lost or replaced in a week", where="event in lost|replaced"),
    f("numbers_opened_30d", "number_registry.person", "count", "30d", "三十天内新开号码", "numbers opened in thirty days", where="event = opened"),
    f("cells_24h", "location.person", "distinct cell", "24h", "一天内到过的小区数", "different cells in a day"),
    f("away_share_24h", "location.person", "ratio", "24h", "一天内离开常住地的占比", "share of the day away from home", where="away = 1"),
    # money out
    f("out_count_1h", "bank_transfer.person", "count", "1h", "一小时内转出笔数", "transfers out in an hour", where=_OUT),
    f("out_sum_1h", "bank_transfer.person", "sum amount", "1h", "一小时内转出金额", "money out in an hour", where=_OUT),
    f("out_sum_24h", "bank_transfer.person", "sum amount", "24h", "一天内转出金额", "money out in a day", where=_OUT),
    f("out_max_24h", "bank_transfer.person", "max amount", "24h", "一天内最大一笔转出", "largest transfer out in a day", where=_OUT),
    f("out_new_count_24h", "bank_transfer.person", "count", "24h", "一天内首次转给陌生账户的笔数", "first transfers to strangers in a day", where=_PAYEE),
    f("out_new_sum_1h", "bank_transfer.person", "sum amount", "1h", "一小时内首次转给陌生账户的金额", "money to new payees in an hour", where=_PAYEE),
    f("out_new_sum_24h", "bank_transfer.person", "sum amount", "24h", "一天内首次转给陌生账户的金额", "money to new payees in a day", where=_PAYEE),
    f("out_mean_30d", "bank_transfer.person", "mean amount", "30d", "三十天平均转出金额（平时习惯）", "usual transfer", where=_OUT),
    f("out_std_30d", "bank_transfer.person", "std amount", "30d", "三十天转出金额的波动", "spread of transfers over thirty days", where=_OUT),
    f("out_max_30d", "bank_transfer.person", "max amount", "30d", "三十天最大一笔转出", "largest transfer in thirty days", where=_OUT),
    f("payees_30d", "bank_transfer.person", "distinct other_account", "30d", "三十天内转账对象数", "different payees in thirty days", where=_OUT),
    f("balance_min_24h", "bank_transfer.person", "min balance", "24h", "一天内最低余额（掏空）", "lowest balance in a day: the account is being emptied", where=_OUT),
    f("in_sum_24h", "bank_transfer.person", "sum amount", "24h", "一天内转入金额（归集资金）", "money gathered in a day", where="direction = in"),
    f("pay_new_sum_24h", "payment.person", "sum amount", "24h", "一天内首次付给陌生账户的金额", "payments to new payees in a day", where=_PAYEE),
    f("pay_count_1h", "payment.person", "count", "1h", "一小时内支付笔数", "payments in an hour", where=_OUT),
    f("gift_cards_24h", "payment.person", "sum amount", "24h", "一天内购买礼品卡金额", "gift cards bought in a day", where="direction = out and channel = gift_card"),
    f("small_returns_24h", "payment.person", "count", "24h", "一天内收到的小额返利", "small amounts received from persons in a day", where="direction = in and other_kind = personal and amount <= 20000"),
    f("cash_out_24h", "cash.person", "sum amount", "24h", "一天内取现金额", "cash withdrawn in a day", where="direction = withdraw"),
    # loans and accounts
    f("loan_applications_24h", "loan_application.person", "count", "24h", "一天内申请贷款次数", "loan applications in a day", where="event = applied"),
    f("lenders_24h", "loan_application.person", "distinct lender", "24h", "一天内申请贷款的机构数", "different lenders asked in a day", where="event = applied"),
    f("loan_money_24h", "loan_application.person", "sum amount", "24h", "一天内放款金额", "loans paid out in a day", where="event = disbursed"),
    f("accounts_opened_30d", "account_opening.person", "count", "30d", "三十天内新开账户", "accounts opened in thirty days"),
    # network
    f("risky_visits_24h", "domain_visit.person", "count", "24h", "一天内访问可疑网站次数", "visits to suspicious sites in a day", where=_RISKY),
    f("visit_score_max_24h", "domain_visit.person", "max score", "24h", "一天内访问最可疑网站的评分", "highest fraud score of a visited site in a day"),
    f("young_domains_24h", "domain_visit.person", "distinct domain", "24h", "一天内访问的新注册网站数", "recently registered sites visited in a day", where="age_days <= 30 and category != ordinary"),
    f("sideloads_24h", "app_install.person", "count", "24h", "一天内安装非商店应用", "apps installed outside the stores in a day", where="sideloaded = 1"),
    f("control_apps_24h", "app_install.person", "count", "24h", "一天内安装远程控制或会议应用", "remote-control or meeting apps installed in a day", where="category in remote_control|meeting"),
    f("shares_1h", "remote_control.person", "count", "1h", "一小时内开启屏幕共享或远程控制", "screen shares or remote controls begun in an hour", where="event = start"),
    f("share_bank_1h", "remote_control.person", "count", "1h", "共享屏幕时打开银行应用", "bank app open while the screen is shared", where="bank_app = 1"),
    f("share_time_24h", "remote_control.person", "sum duration", "24h", "一天内屏幕共享总时长", "time under screen share in a day", where="event = end"),
    f("contacts_24h", "new_contact.person", "count", "24h", "一天内新增联系人", "contacts added in a day"),
    f("groups_7d", "new_contact.person", "count", "7d", "一周内被拉入的群", "groups joined by invitation in a week", where="group = 1"),
    f("contact_risk_max_7d", "new_contact.person", "max risk", "7d", "一周内最可疑的新联系人", "riskiest contact added in a week"),
    f("clues_24h", "clue.person", "count", "24h", "一天内上级下发的预警线索", "clues pushed in a day"),
    f("harmed_before", "police_report.person", "count", "12h", "十二小时前曾被骗（二次受害）", "was harmed half a day before: second victimisation", where="role = victim", delay="12h"),
    # in this order
    sequence(
        "overseas_share_pay", "person", "1h",
        (("voice_call", _ABROAD), ("remote_control", "event = start"), ("bank_transfer", _PAYEE)),
        "一小时内：境外来电、共享屏幕、首次转账给陌生人", "call from abroad, then screen share, then a first transfer to a stranger",
    ),
    sequence(
        "link_visit_pay", "person", "24h",
        (("sms", "direction = in and link = 1"), ("domain_visit", _RISKY), ("bank_transfer", _PAYEE)),
        "一天内：带网址短信、访问可疑网站、首次转账给陌生人", "message with a link, then a suspicious site, then a first transfer to a stranger",
    ),
    sequence(
        "return_then_pay", "person", "24h",
        (
            ("new_contact", ""), ("payment", "direction = in and other_kind = personal and amount <= 20000"),
            ("payment", "direction = out and amount >= 10000"), ("bank_transfer", "direction = out and amount >= 100000"),
        ),
        "一天内：新增联系人、收到小额返利、垫付、大额转账（刷单）", "new contact, small return, larger advance, then a large transfer (brushing)",
    ),
    sequence(
        "loan_code_pay", "person", "24h",
        (("loan_application", "event = applied"), ("sms", "direction = in and otp = 1"), ("bank_transfer", _PAYEE)),
        "一天内：申请贷款、收到验证码、首次转账给陌生人", "loan application, then a one-time code, then a first transfer to a stranger",
    ),
    sequence(
        "call_install_share", "person", "6h",
        (("voice_call", _STRANGER), ("app_install", "category in remote_control|meeting"), ("remote_control", "event = start")),
        "六小时内：陌生来电、安装会议或远控应用、共享屏幕", "first-time caller, then a meeting or control app, then screen share",
    ),
)  # fmt: skip
