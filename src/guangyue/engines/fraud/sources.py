"""The 18 kinds of events the engine reads, each with its terms (18 类数据源).

Columns are the minimum the features need (反诈法 art. 5): no call content, no message text, no place finer than a cell,
no page address; keys are salted tokens. ``time`` is when the owner's system knew of the event, an aware time, stored
as UTC milliseconds; ``offset`` is the record's place in its source's log and never decreases.

Adding a source: add a :class:`~guangyue.engines.fraud.schema.Source` here and a test; nothing else changes.
"""

from __future__ import annotations

from datetime import timedelta

from guangyue.engines.fraud.schema import (
    Sensitivity,
    Source,
    check_sources,
    code,
    count,
    fen,
    flag,
    permille,
    seconds,
    token,
)

__all__ = ["BY_CODE", "SCAM_TYPES", "SOURCES"]

_M = timedelta(minutes=1)
_MONITOR = "反诈法 art. 34 (warning and dissuasion)"

SCAM_TYPES: tuple[str, ...] = (
    "brushing",  # 刷单返利
    "investment",  # 虚假网络投资理财
    "shopping",  # 虚假购物服务
    "customer_service",  # 冒充电商物流客服
    "loan",  # 虚假贷款
    "credit",  # 虚假征信
    "acquaintance",  # 冒充领导熟人
    "authority",  # 冒充公检法及政府机关
    "romance",  # 网络婚恋交友
    "gaming",  # 网络游戏产品虚假交易
    "other",  # 其他
)
"""The ten national types (Ministry of Public Security, 2024-06-25) and the rest."""

_PERSON = token("person", "用户或账户所有人", required=True)
_MAYBE_PERSON = token("person", "涉及人员")
_OWN_PHONE = token("own_phone", "本机号码", required=True)
_OTHER_PHONE = token("other_phone", "对方号码", required=True)
_OWN_ACCOUNT = token("own_account", "本方账户", required=True)
_OTHER_ACCOUNT = token("other_account", "对方账户")
_DEVICE = token("device", "终端设备")
_DIRECTION = code("direction", "方向", "out", "in")
_OTHER_KIND = code("other_kind", "对方号码类型", "mobile", "landline", "virtual", "service", "overseas", "voip")
_SCAM_TYPE = code("scam", "诈骗类型", *SCAM_TYPES)

SOURCES: tuple[Source, ...] = check_sources((
    # ---- telecommunications -----------------------------------------------------------------------------------------
    Source(
        code="voice_call", zh="语音通话话单", en="Voice calls", owner="telecom operators",
        basis=("反诈法 art. 14, 22", _MONITOR), sensitivity=Sensitivity.SENSITIVE, lateness=10 * _M,
        columns=(
            _PERSON, _OWN_PHONE, _OTHER_PHONE, _DIRECTION, _OTHER_KIND,
            seconds("duration", "通话时长"), flag("answered", "是否接通"), flag("roaming", "是否境外漫游"),
        ),
    ),
    Source(
        code="sms", zh="短信话单", en="Short messages", owner="telecom operators",
        basis=("反诈法 art. 14, 22", _MONITOR), sensitivity=Sensitivity.SENSITIVE, lateness=5 * _M,
        columns=(
            _PERSON, _OWN_PHONE, _OTHER_PHONE, _DIRECTION, _OTHER_KIND,
            flag("link", "含网址"), flag("otp", "含验证码"), permille("score", "涉诈文本评分"),
        ),
    ),
    Source(
        code="number_registry", zh="号码登记变更", en="Number registry", owner="telecom operators",
        basis=("反诈法 art. 9, 10, 11",), sensitivity=Sensitivity.PERSONAL, lateness=60 * _M,
        columns=(
            _PERSON, _OWN_PHONE, code("event", "业务类型", "opened", "closed", "transferred", "lost", "replaced"),
            count("cards", "名下号码数"), flag("virtual", "虚拟运营商号段"),
        ),
    ),
    Source(
        code="intl_gateway", zh="国际关口局信令", en="International gateway", owner="telecom operators",
        basis=("反诈法 art. 13", _MONITOR), sensitivity=Sensitivity.SENSITIVE, lateness=5 * _M,
        columns=(
            _MAYBE_PERSON, _OWN_PHONE, _OTHER_PHONE, _DIRECTION, token("country", "国家或地区"),
            flag("spoofed", "主叫号码改号"), seconds("duration", "通话时长"),
        ),
    ),
    Source(
        code="location", zh="粗粒度位置", en="Coarse location", owner="telecom operators",
        basis=(_MONITOR, "个保法 art. 13, 28"), sensitivity=Sensitivity.SENSITIVE, lateness=15 * _M,
        columns=(
            _PERSON, _DEVICE, token("cell", "基站小区", required=True), flag("abroad", "境外"),
            flag("away", "离开常住市县"),
        ),
    ),
    Source(
        code="forwarding", zh="呼叫转移与网关设备", en="Call forwarding and gateway devices", owner="telecom operators",
        basis=("反诈法 art. 14", _MONITOR), sensitivity=Sensitivity.SENSITIVE, lateness=15 * _M,
        columns=(
            _MAYBE_PERSON, _OWN_PHONE, token("other_phone", "转移目标号码"), _DEVICE,
            code("event", "事件", "forward_on", "forward_off", "gateway", "device_changed"),
            count("cards", "同一设备卡数"),
        ),
    ),
    # ---- finance ----------------------------------------------------------------------------------------------------
    Source(
        code="bank_transfer", zh="银行转账", en="Bank transfers", owner="banks",
        basis=("反诈法 art. 18", _MONITOR), sensitivity=Sensitivity.SENSITIVE, lateness=10 * _M,
        columns=(
            _PERSON, _OWN_ACCOUNT, _OTHER_ACCOUNT, _DEVICE, _DIRECTION, fen("amount", "金额", required=True),
            code("channel", "渠道", "mobile", "web", "counter", "atm", "pos"),
            code("other_kind", "对方类型", "personal", "business", "merchant", "own"), fen("balance", "交易后余额"),
        ),
    ),
    Source(
        code="payment", zh="第三方支付", en="Third-party payments", owner="payment institutions",
        basis=("反诈法 art. 18", _MONITOR), sensitivity=Sensitivity.SENSITIVE, lateness=10 * _M,
        columns=(
            _PERSON, _OWN_ACCOUNT, _OTHER_ACCOUNT, _DEVICE, _DIRECTION, fen("amount", "金额", required=True),
            code("channel", "方式", "qr", "transfer", "red_packet", "card", "gift_card"),
            code("other_kind", "对方类型", "personal", "business", "merchant", "own"),
        ),
    ),
    Source(
        code="account_opening", zh="账户开立", en="Account opening", owner="banks and payment institutions",
        basis=("反诈法 art. 15, 16",), sensitivity=Sensitivity.SENSITIVE, lateness=60 * _M,
        columns=(
            _PERSON, _OWN_ACCOUNT, _DEVICE, token("bank", "开户机构"), flag("remote", "线上开立"),
            code("grade", "账户类别", "I", "II", "III", "payment"),
        ),
    ),
    Source(
        code="loan_application", zh="贷款申请", en="Loan applications", owner="lenders",
        basis=("反诈法 art. 18, 29", _MONITOR), sensitivity=Sensitivity.SENSITIVE, lateness=30 * _M,
        columns=(
            _PERSON, token("own_account", "收款账户"), _DEVICE, token("lender", "贷款机构"),
            code("event", "环节", "applied", "approved", "refused", "disbursed"),
            code("lender_kind", "机构类型", "bank", "consumer", "online"), fen("amount", "金额"),
        ),
    ),
    Source(
        code="cash", zh="现金存取", en="Cash", owner="banks",
        basis=("反诈法 art. 18", _MONITOR), sensitivity=Sensitivity.SENSITIVE, lateness=15 * _M,
        columns=(
            _PERSON, _OWN_ACCOUNT, code("direction", "方向", "withdraw", "deposit"),
            fen("amount", "金额", required=True), code("channel", "渠道", "atm", "counter"), flag("away", "异地"),
        ),
    ),
    Source(
        code="account_risk", zh="账户风险名单", en="Account risk lists", owner="payment clearing association, police",
        basis=("反诈法 art. 16, 18, 31",), sensitivity=Sensitivity.SENSITIVE, lateness=60 * _M,
        columns=(
            _MAYBE_PERSON, _OWN_ACCOUNT, code("event", "事件", "listed", "lifted"),
            code("list", "名单", "police", "bank", "clearing", "two_cards"), count("level", "等级"),
        ),
    ),
    # ---- network ----------------------------------------------------------------------------------------------------
    Source(
        code="domain_visit", zh="域名访问（哈希匹配）", en="Domain visits matched by hash", owner="telecom operators",
        basis=("反诈法 art. 24, 27", _MONITOR), sensitivity=Sensitivity.SENSITIVE, lateness=10 * _M,
        columns=(
            _PERSON, _DEVICE, token("domain", "域名哈希", required=True),
            code(
                "category", "类别",
                "ordinary", "unknown", "phishing", "investment", "loan", "gambling", "remote_tool", "shopping",
                "brushing",
            ),
            count("age_days", "域名注册天数"), permille("score", "涉诈网址评分"),
        ),
    ),
    Source(
        code="app_install", zh="应用安装", en="App installs", owner="app stores, device makers",
        basis=("反诈法 art. 23", _MONITOR), sensitivity=Sensitivity.PERSONAL, lateness=30 * _M,
        columns=(
            _PERSON, _DEVICE, token("app", "应用", required=True),
            code(
                "category", "类别",
                "ordinary", "remote_control", "meeting", "loan", "investment", "chat", "shopping", "gaming", "unknown",
            ),
            flag("sideloaded", "非应用商店来源"), flag("listed", "涉诈应用名单"),
        ),
    ),
    Source(
        code="remote_control", zh="远程控制与屏幕共享", en="Remote control and screen share",
        owner="app and device makers",
        basis=("反诈法 art. 23, 25", _MONITOR), sensitivity=Sensitivity.SENSITIVE, lateness=5 * _M,
        columns=(
            _PERSON, _DEVICE, code("event", "事件", "start", "end"),
            code("mode", "方式", "screen_share", "remote_control"), flag("bank_app", "同时打开银行应用"),
            seconds("duration", "时长"),
        ),
    ),
    Source(
        code="new_contact", zh="新增联系人", en="New contacts", owner="internet platforms",
        basis=("反诈法 art. 22, 26", _MONITOR), sensitivity=Sensitivity.PERSONAL, lateness=30 * _M,
        columns=(
            _PERSON, _DEVICE, token("contact", "对方社交账号", required=True),
            code("platform", "平台", "wechat", "qq", "short_video", "dating", "work", "other"),
            flag("group", "被拉入群"), flag("overseas", "对方在境外"), permille("risk", "对方账号风险评分"),
        ),
    ),
    # ---- police -----------------------------------------------------------------------------------------------------
    Source(
        code="police_report", zh="警情", en="Police reports", owner="110 command centre",
        basis=("反诈法 art. 6, 34", "人民警察法 art. 6"), sensitivity=Sensitivity.SENSITIVE, lateness=60 * _M,
        label_slots=("person",),
        columns=(
            _MAYBE_PERSON, token("other_phone", "涉案号码"), token("other_account", "涉案账户"),
            token("domain", "涉案域名哈希"), code("role", "报警人身份", "victim", "informant", "dissuaded"), _SCAM_TYPE,
            fen("loss", "损失金额"),
        ),
    ),
    Source(
        code="clue", zh="下发线索", en="Pushed clues", owner="national and provincial anti-fraud centres",
        basis=("反诈法 art. 20, 34",), sensitivity=Sensitivity.SENSITIVE, lateness=60 * _M,
        columns=(
            _MAYBE_PERSON, token("own_phone", "预警号码"), token("other_phone", "涉诈号码"),
            token("other_account", "涉诈账户"), token("domain", "涉诈域名哈希"),
            code("level", "等级", "urgent", "high", "medium", "low"), _SCAM_TYPE,
        ),
    ),
))  # fmt: skip

BY_CODE: dict[str, Source] = {source.code: source for source in SOURCES}
