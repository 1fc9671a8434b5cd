"""What a street matter knows, and the conditions that its acts share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.desks.streets.who import HANDLERS
from guangyue.kernel.grammar import AllOf, AnyOf, Ask, Competent, Field, FieldAtLeast, FieldIs, Kind, Not, T
from guangyue.law.competence.places import PLACES
from guangyue.law.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guangyue.kernel.grammar import Condition
    from guangyue.law.competence.catalogue import Kind as Offences

__all__ = ["PARTY_ASKED", "WHO_AND_WHERE", "competent", "fields", "hearing_case", "maximum"]

MEASURES = (("none", T("不予处罚", "No penalty")), ("warning", T("警告", "Warning")), ("fine", T("罚款", "Fine")))
ANSWERS = (
    ("adopted", T("采纳", "Adopted")),
    ("partly", T("部分采纳", "Adopted in part")),
    ("not_adopted", T("不采纳", "Not adopted")),
    ("none", T("当事人放弃陈述、申辩", "The party waived the right")),
)
SIGNED = (("signed", T("已签名", "Signed")), ("refused", T("拒签，已注明", "Refused; noted")))


def fields(kind: Offences) -> tuple[Field, ...]:
    """The values of a matter of this kind; what identifies the party is personal."""
    own = (Field("plate", Kind.PLATE, T("号牌号码", "Plate")),) if kind.subject == "vehicle" else ()
    return (
        *own,
        Field(
            "offence",
            Kind.CHOICE,
            T("违法行为", "Offence"),
            choices=tuple((count.code, count.title) for count in kind.counts),
        ),
        Field(
            "place_type",
            Kind.CHOICE,
            T("场所类别", "Kind of place"),
            choices=tuple((place.value, text) for place, text in PLACES.items()),
        ),
        Field("street", Kind.TEXT, T("地点", "Where")),
        Field("place", Kind.PLACE, T("位置", "Position")),
        Field("shop", Kind.TEXT, T("门店、摊位", "Shop or stall")),
        Field("clip", Kind.TEXT, T("执法记录仪片段", "Body-camera clip")),
        Field("party_name", Kind.PARTY, T("当事人", "Party"), visible=HANDLERS, personal=True),
        Field(
            "party_code",
            Kind.CODE,
            T("证件号码、统一社会信用代码", "Identity or credit code"),
            visible=HANDLERS,
            personal=True,
        ),
        Field("party_address", Kind.TEXT, T("当事人地址", "Party's address"), visible=HANDLERS, personal=True),
        Field("organisation", Kind.FLAG, T("当事人是组织", "The party is an organisation")),
        Field("minor", Kind.FLAG, T("当事人未满十八周岁", "The party is under eighteen"), visible=HANDLERS),
        Field("vehicle_text", Kind.TEXT, T("车辆牌号（没有的写“无”）", "Plate, or “none”")),
        Field("vehicle_type", Kind.TEXT, T("车辆类型（没有的写“无”）", "Type of vehicle, or “none”")),
        Field("facts", Kind.LINES, T("违法事实", "Facts")),
        Field("evidence_list", Kind.LINES, T("证据", "Evidence")),
        Field("correct_by", Kind.MOMENT, T("改正期限", "To be corrected by")),
        Field("education", Kind.LINES, T("教育内容", "What was explained")),
        Field("measure", Kind.CHOICE, T("处理", "Measure"), choices=MEASURES),
        Field("told_fine", Kind.MONEY, T("告知的罚款", "Fine as told")),
        Field("fine", Kind.MONEY, T("罚款", "Fine")),
        Field(
            "aggravation",
            Kind.CHOICES,
            T("从重情节", "Aggravating circumstances"),
            choices=tuple((a.code, a.title) for a in kind.aggravations),
        ),
        Field("top_reason", Kind.LINES, T("顶格处罚的理由", "Why the maximum")),
        Field("statement", Kind.LINES, T("陈述、申辩内容", "Statement and defence"), visible=HANDLERS),
        Field("answer", Kind.CHOICE, T("复核意见", "What became of it"), visible=HANDLERS, choices=ANSWERS),
        Field("party_signed", Kind.CHOICE, T("当事人签名", "Party's signature"), choices=SIGNED),
        Field("goods", Kind.LINES, T("物品清单", "List of goods"), visible=HANDLERS),
        Field("pay_by", Kind.DATE, T("缴清日期", "To be paid by")),
        Field("keep_until", Kind.DATE, T("保存期限", "Kept until")),
    )


WHO_AND_WHERE = (
    Ask("offence"),
    Ask("place_type"),
    Ask("street"),
    Ask("place", required=False),
    Ask("shop", required=False),
    Ask("clip", required=False),
)
PARTY_ASKED = (
    Ask("party_name"),
    Ask("party_code", required=False),
    Ask("organisation", required=False),
    Ask("minor", required=False),
)


def competent(power: str, *, fine: bool = False, given: Mapping[str, Condition] | None = None) -> Competent:
    """The law gives this act to the actor's agency for this offence at this place."""
    return Competent(
        power,
        offence="offence",
        place="place_type",
        fine="fine" if fine else "",
        organisation="organisation",
        given=given or {},
    )


def maximum(kind: Offences) -> Condition | None:
    """The fine is the highest that the band allows (顶格); nothing where the law leaves no choice."""
    tops = [
        AllOf((FieldIs("offence", (count.code,)), FieldAtLeast("fine", count.most)))
        for count in kind.counts
        if count.most is not None
    ]
    return AnyOf(tuple(tops)) if tops else None


def _fen(code: str) -> int:
    return LIMITS.versions(code)[-1].amount


def hearing_case() -> Condition:
    """The fine that was told is so high that a hearing is offered (处罚法 63; the sums are the city's standard)."""
    citizen, organisation = _fen("M-APL-HEARING-CITIZEN"), _fen("M-APL-HEARING-ORG")
    return AnyOf(
        (
            AllOf((FieldAtLeast("told_fine", citizen), Not(FieldIs("organisation", (True,))))),
            FieldAtLeast("told_fine", organisation),
        )
    )
