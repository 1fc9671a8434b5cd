"""Papers and the fields each must carry (法律文书必备事项).

A paper that lacks a mandatory field is not issued. Where a paper must say that review comes before suit (on-the-spot
penalties since the Reconsideration Law of 2023), ``review_first`` is among its fields and ``direct_suit`` is forbidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from guangyue.law.dated import Dated
from guangyue.law.laws import (
    CITY_TRAFFIC,
    CIVIL,
    CIVIL_2021,
    COMPULSION,
    MEDIATION,
    PENALTY,
    PERSONAL_DATA,
    PROMISES,
    PROPERTY_INQUIRY,
    REVIEW,
    SECURITY,
    SECURITY_2012,
    TRAFFIC_PROCEDURE,
    TRANSFER,
)
from guangyue.law.rule import Rule
from guangyue.law.text import Text
from guangyue.law.verdict import Allowed, Denied, Reason

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from guangyue.law.laws import Law
    from guangyue.law.source import Source

__all__ = ["FIELDS", "PAPERS", "Paper", "complete"]

# fmt: off
FIELDS: dict[str, Text] = {code: Text(zh, en) for code, zh, en in (
    ("number", "编号", "number"),
    ("party", "当事人姓名或者名称", "party"),
    ("party_address", "当事人地址", "party's address"),
    ("party_sex", "性别", "sex"),
    ("party_age", "年龄", "age"),
    ("party_id", "身份证件名称和号码", "identity document and number"),
    ("plate", "车辆牌号", "plate"),
    ("vehicle_type", "车辆类型", "vehicle type"),
    ("facts", "违法事实", "facts"),
    ("evidence", "证据", "evidence"),
    ("kind", "处罚或者措施的种类", "kind of penalty or measure"),
    ("basis", "依据", "legal basis"),
    ("amount", "罚款数额", "amount of the fine"),
    ("time", "时间", "time"),
    ("place", "地点", "place"),
    ("performance", "履行方式和期限", "way and term of performance"),
    ("late_fee", "加处罚款标准和上限", "late fee, rate and cap"),
    ("remedy", "复议、诉讼途径和期限", "remedies and their terms"),
    ("review_first", "应当先申请行政复议", "review must come before suit"),
    ("direct_suit", "可以直接起诉", "direct suit possible"),
    ("agency", "行政机关名称", "agency"),
    ("date", "日期", "date"),
    ("seal", "印章", "seal"),
    ("officer_signature", "执法人员签名或者盖章", "officer's signature"),
    ("party_signature", "当事人签名，或者注明拒签", "party's signature, or refusal noted"),
    ("property_list", "涉案财物清单", "list of property"),
    ("come_where", "接受处理的地点", "where to come"),
    ("come_when", "接受处理的时限", "by when to come"),
    ("reason", "理由", "reason"),
    ("term", "期限", "term"),
    ("goods", "财物名称、数量", "goods and quantities"),
    ("list_two_copies", "清单一式二份并签名", "list in two signed copies"),
    ("transfer_letter", "案件移送书", "letter of transfer"),
    ("investigation_report", "调查报告", "investigation report"),
    ("goods_list", "涉案物品清单", "list of goods"),
    ("expert_opinion", "检验报告或者鉴定结论", "test report or expert opinion"),
    ("other_papers", "其他材料", "other papers"),
    ("report_deadline", "提交财产报告的期限", "deadline of the report"),
    ("report_scope", "报告财产的范围、期间", "scope and period of the report"),
    ("report_supplement", "补充报告的条件及期间", "when to supplement the report"),
    ("liability", "违反义务的法律责任", "liability"),
    ("form_attached", "所附财产调查表", "form attached"),
    ("president_signature", "院长签发", "president's signature"),
    ("respondent", "被执行人", "respondent"),
    ("obligation", "应当履行的义务", "obligation"),
    ("vacate_by", "指定期间", "period set"),
    ("consequence", "逾期后果", "consequence"),
    ("posting_photo", "张贴照片", "photo of the posting"),
    ("parties", "各方当事人基本情况", "parties"),
    ("dispute", "主要事实、争议事项和责任", "facts, issues and liability"),
    ("agreement", "协议内容，履行方式、期限", "terms, way and date of performance"),
    ("signatures", "各方签名、盖章或者按指印", "signatures of all parties"),
    ("mediator_signature", "调解员签名", "mediator's signature"),
    ("committee_seal", "调解委员会印章", "committee's seal"),
    ("copies", "各方和委员会各一份", "a copy for each party and the committee"),
    ("consent", "同意电子送达的签名", "signed consent to e-service"),
    ("e_address", "电子送达地址", "address for e-service"),
    ("sent_at", "系统显示发送成功的时间", "time the system shows as sent"),
    ("privacy_check", "公告前的隐私检查", "privacy check before public notice"),
    ("how_to_be_heard", "陈述、咨询方式", "how to be heard"),
    ("education", "教育内容", "education note"),
)}
# fmt: on
"""Field code → title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper(Rule):
    """A class of paper.

    Attributes:
        fields: what it must carry.
        fields_if: what it must carry besides in a case: ``("fine", "late_fee")``, ``("property", "property_list")``.
        forbidden: what it must never say.
        starts_clocks: False for a courtesy, which starts no term of law.
    """

    fields: tuple[str, ...]
    fields_if: tuple[tuple[str, str], ...] = ()
    forbidden: frozenset[str] = frozenset()
    starts_clocks: bool = True


def _paper(
    code: str,
    zh: str,
    en: str,
    law: Law,
    art: str,
    fields: str,
    *,
    fields_if: tuple[tuple[str, str], ...] = (),
    forbidden: str = "",
    starts_clocks: bool = True,
    since: Law | None = None,
    before: Law | None = None,
) -> Paper:
    """One row; ``since`` and ``before``: in force only from, only until, another law came into force."""
    source = law.source(art)
    return Paper(
        code=f"F-{code}",
        title=Text(zh, en),
        fields=tuple(fields.split()),
        fields_if=fields_if,
        forbidden=frozenset(forbidden.split()),
        starts_clocks=starts_clocks,
        source=source,
        verified=source.is_settled,
        effective_from=(since or law).since,
        effective_to=before.since - timedelta(days=1) if before else law.until,
    )


_DECIDED = (("fine", "late_fee"), ("property", "property_list"))
_EVICTION = "president_signature respondent obligation vacate_by consequence posting_photo"
_SPOT = "number party facts kind basis amount time place remedy agency officer_signature party_signature"
_SIMPLE = (
    "number party plate vehicle_type facts kind basis amount time place performance remedy agency seal "
    "officer_signature party_signature"
)
_SECURITY_SPOT = "number party facts basis amount time place remedy agency officer_signature party_signature"
_SECURITY = (
    "number party party_sex party_age party_id party_address facts evidence kind basis performance remedy "
    "agency date seal"
)

# fmt: off
PAPERS: Dated[Paper] = Dated((
    _paper("spot-decision", "当场处罚决定书", "on-the-spot decision", PENALTY, "52", _SPOT, before=REVIEW),
    _paper("spot-decision", "当场处罚决定书", "on-the-spot decision", PENALTY, "52", _SPOT + " review_first",
           forbidden="direct_suit", since=REVIEW),
    _paper("traffic-simple", "简易程序处罚决定书", "traffic decision, simple procedure", TRAFFIC_PROCEDURE, "44, 45",
           _SIMPLE, before=REVIEW),
    _paper("traffic-simple", "简易程序处罚决定书", "traffic decision, simple procedure", TRAFFIC_PROCEDURE, "44, 45",
           _SIMPLE + " review_first", forbidden="direct_suit", since=REVIEW),
    _paper("security-spot", "治安当场处罚决定书", "on-the-spot decision, public security", SECURITY_2012, "101",
           _SECURITY_SPOT, before=REVIEW),
    _paper("security-spot", "治安当场处罚决定书", "on-the-spot decision, public security", SECURITY_2012, "101",
           _SECURITY_SPOT + " review_first", forbidden="direct_suit", since=REVIEW),
    _paper("security-spot", "治安当场处罚决定书", "on-the-spot decision, public security", SECURITY, "120",
           _SECURITY_SPOT + " review_first", forbidden="direct_suit"),
    _paper("decision", "行政处罚决定书", "penalty decision", PENALTY, "59",
           "number party party_address facts evidence kind basis performance remedy agency date seal",
           fields_if=_DECIDED),
    _paper("security-decision", "治安管理处罚决定书", "public security decision", SECURITY_2012, "96", _SECURITY,
           fields_if=_DECIDED),
    _paper("security-decision", "治安管理处罚决定书", "public security decision", SECURITY, "115", _SECURITY,
           fields_if=_DECIDED),
    _paper("traffic-notice", "违法行为处理通知书", "handling notice", TRAFFIC_PROCEDURE, "46, 47",
           "number party plate vehicle_type facts come_where come_when agency seal officer_signature party_signature"),
    _paper("traffic-slip", "违法停车告知单", "statutory parking slip", TRAFFIC_PROCEDURE, "12",
           "number plate vehicle_type facts basis time place come_where come_when agency"),
    _paper("traffic-measure", "行政强制措施凭证", "voucher of a coercive measure", TRAFFIC_PROCEDURE, "25, 26",
           "number party plate vehicle_type facts kind basis come_where come_when remedy agency seal "
           "officer_signature party_signature"),
    _paper("seizure", "查封、扣押决定书和清单", "seizure decision and list", COMPULSION, "24",
           "number party party_address reason basis term goods remedy agency seal date list_two_copies"),
    _paper("transfer", "涉嫌犯罪案件移送材料", "transfer pack", TRANSFER, "6",
           "transfer_letter investigation_report goods_list expert_opinion other_papers"),
    _paper("property-order", "报告财产令", "order to report property", PROPERTY_INQUIRY, "4",
           "report_deadline report_scope report_supplement liability form_attached"),
    _paper("eviction", "腾退公告", "eviction notice", CIVIL_2021, "257", _EVICTION),
    _paper("eviction", "腾退公告", "eviction notice", CIVIL, "261", _EVICTION),
    _paper("mediation", "人民调解协议书", "mediation agreement", MEDIATION, "29",
           "parties dispute agreement signatures mediator_signature committee_seal copies"),
    _paper("order", "责令改正通知书", "order to correct", PENALTY, "28",
           "number party facts basis term agency date officer_signature"),
    _paper("told", "行政处罚事先告知书", "notice of an intended penalty", PENALTY, "44, 62, 63",
           "number party facts evidence kind basis how_to_be_heard agency date seal",
           fields_if=(("fine", "amount"),)),
    _paper("registration", "先行登记保存证据通知书和清单", "evidence kept by registration, with list", PENALTY, "56",
           "number party goods reason basis term agency date officer_signature party_signature"),
    _paper("questioning", "询问笔录", "record of questioning", PENALTY, "55",
           "number party facts time place agency officer_signature party_signature"),
    _paper("urge", "催告书", "reminder to perform", COMPULSION, "54",
           "number party obligation performance amount how_to_be_heard agency date seal"),
    _paper("handover", "案件移交单", "hand-over of a case", CITY_TRAFFIC, "55",
           "number facts place reason basis agency date officer_signature"),
    _paper("receipt", "案件移交回执", "receipt of a case handed over", CITY_TRAFFIC, "55",
           "number facts agency date officer_signature"),
    _paper("identity", "身份核验请求书", "identity request", PERSONAL_DATA, "34",
           "number reason basis term agency date officer_signature"),
    _paper("e-service", "电子送达确认书", "e-service confirmation", PENALTY, "61",
           "consent e_address sent_at privacy_check"),
    _paper("reminder", "违法停车提示单", "courtesy parking reminder", PROMISES, "",
           "number plate time place basis how_to_be_heard agency", forbidden="amount kind", starts_clocks=False),
    _paper("warning", "警告通知", "warning notice", PROMISES, "",
           "number party facts time place basis education how_to_be_heard agency officer_signature",
           forbidden="amount"),
))
# fmt: on
"""Papers by code ``F-<paper>``. A reminder (提示单) is a courtesy: it starts no clock and names no fine."""


def complete(
    code: str, given: Collection[str], on: date | datetime, *, cases: Collection[str] = ()
) -> Allowed | Denied:
    """Whether a paper with these fields may be issued on a day.

    Args:
        code: the paper.
        given: the fields it carries.
        on: the day.
        cases: what the paper is about, for the fields only some carry: ``fine``, ``property``.

    Returns:
        Allowed, or Denied with ``paper.missing.<field>`` and ``paper.forbidden.<field>`` for every field at fault.

    Raises:
        LawError: for a paper that is unknown or not yet in force.
    """
    paper = PAPERS.get(code, on)
    wanted = [*paper.fields, *(field for case, field in paper.fields_if if case in cases)]
    reasons = [_reason("missing", field, paper.source) for field in wanted if field not in given]
    reasons += [_reason("forbidden", field, paper.source) for field in sorted(paper.forbidden) if field in given]
    return Denied(tuple(reasons)) if reasons else Allowed((paper.source,), paper.verified)


_SENTENCES = {
    "missing": Text("文书缺少“{field}”。", "The paper lacks: {field}."),
    "forbidden": Text("此类文书不得载明“{field}”。", "This paper must not carry: {field}."),
}


def _reason(fault: str, field: str, source: Source) -> Reason:
    return Reason(f"paper.{fault}.{field}", _SENTENCES[fault].format(field=FIELDS[field]), source)
