"""The staff of the demo city: every role of the law held by somebody, all invented (人员)."""

from __future__ import annotations

from dataclasses import dataclass

from guangyue.law.competence.actors import Role

__all__ = ["CITIZENS", "DOORS", "PASSWORD", "PLATES", "STAFF", "TOTP_SECRET", "Member"]

PASSWORD = "guangyue-tower-1374"  # noqa: S105 - the demo's, printed on its first page
TOTP_SECRET = "GUANGYUETOWER7374HOURSAMATTERCLK"  # noqa: S105 - likewise: one authenticator entry opens all demo accounts


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with an account.

    Attributes:
        roles: held in the unit; ``below`` for all units under it too. also: other units in which they are held, likewise.
        certificate: whether a law-enforcement certificate is held (行政执法证).
    """

    login: str
    name: str
    unit: str
    roles: tuple[Role, ...]
    below: bool = False
    certificate: bool = False
    also: tuple[str, ...] = ()


def _m(
    login: str, name: str, unit: str, *roles: Role, below: bool = False, certificate: bool = False,
    also: tuple[str, ...] = (),
) -> Member:  # fmt: skip
    return Member(login, name, unit, roles, below, certificate, also)


# fmt: off
STAFF: tuple[Member, ...] = (
    # joint enforcement on the street
    _m("urban1", "柳晨舟", "UM-D1", Role.URBAN_OFFICER, certificate=True),
    _m("urban2", "麦小满", "UM-D1", Role.URBAN_OFFICER, certificate=True),
    _m("urban3", "石榴生", "UM-D2", Role.URBAN_OFFICER, certificate=True),
    _m("urban4", "苇白鹭", "UM-D2", Role.URBAN_OFFICER, certificate=True),
    _m("urban5", "闸听雨", "UM-01", Role.URBAN_OFFICER, certificate=True),
    _m("urban6", "禾知秋", "UM-03", Role.URBAN_OFFICER, certificate=True),
    _m("urbanreview1", "竹清和", "UM-REV", Role.URBAN_REVIEWER, certificate=True),
    _m("urbanhead1", "桑远山", "UM", Role.AGENCY_HEAD, below=True, certificate=True),
    _m("traffic1", "岳晴川", "TP-D1", Role.TRAFFIC_OFFICER, certificate=True),
    _m("traffic2", "堤长风", "TP-D1", Role.TRAFFIC_OFFICER, certificate=True),
    _m("traffic3", "运河生", "TP-D2", Role.TRAFFIC_OFFICER, certificate=True),
    _m("traffic4", "棠雨前", "TP-D2", Role.TRAFFIC_OFFICER, certificate=True),
    _m("traffic5", "榆钱生", "TP-01", Role.TRAFFIC_OFFICER, certificate=True),
    _m("traffic6", "麦田野", "TP-03", Role.TRAFFIC_OFFICER, certificate=True),
    _m("review1", "钟启明", "TP-REV", Role.TRAFFIC_REVIEWER, certificate=True),
    _m("review2", "楼望月", "TP-REV", Role.TRAFFIC_REVIEWER, certificate=True),
    _m("traffichead1", "岳镇河", "TP", Role.AGENCY_HEAD, below=True, certificate=True),
    _m("aux1", "柳小雪", "TP-D1", Role.AUXILIARY),
    _m("aux2", "河向阳", "TP-D2", Role.AUXILIARY),
    _m("aux3", "杏初晴", "UM-D1", Role.AUXILIARY),
    _m("aux4", "槐夏至", "PS-01A", Role.AUXILIARY),
    _m("aux5", "舟霜降", "PS-03B", Role.AUXILIARY),
    _m("steward1", "磨盘石", "CM-OLD", Role.PARKING_STEWARD),
    # police: command, stations, counties
    _m("calltaker1", "灯晚晴", "PS-CMD", Role.CALL_TAKER),
    _m("calltaker2", "铃清越", "PS-CMD", Role.CALL_TAKER),
    _m("dispatcher1", "雁北辰", "PS-CMD", Role.DISPATCHER),
    _m("dispatcher2", "鹤南风", "PS-CMD", Role.DISPATCHER),
    _m("commander1", "岳山海", "PS-CMD", Role.COMMANDER, below=True, also=("TP", "UM")),
    _m("station1", "井台秋", "PS-01A", Role.STATION_OFFICER, certificate=True),
    _m("station2", "书砚田", "PS-01B", Role.STATION_OFFICER, certificate=True),
    _m("station3", "帆过云", "PS-01C", Role.STATION_OFFICER, certificate=True),
    _m("station4", "闸水平", "PS-03A", Role.STATION_OFFICER, certificate=True),
    _m("station5", "市灯明", "PS-03B", Role.STATION_OFFICER, certificate=True),
    _m("county1", "城上云", "PS-01", Role.COUNTY_OFFICER, below=True, certificate=True),
    _m("county2", "堤上柳", "PS-03", Role.COUNTY_OFFICER, below=True, certificate=True),
    _m("policehead1", "岳天长", "PS", Role.AGENCY_HEAD, below=True, certificate=True),
    _m("detective1", "松问影", "PS-CID", Role.INVESTIGATOR, certificate=True),
    _m("detective2", "梅知雪", "PS-CID", Role.INVESTIGATOR, certificate=True),
    _m("detective3", "兰听风", "PS-01", Role.INVESTIGATOR, certificate=True),
    _m("legal1", "尺正平", "PS-LAW", Role.LEGAL_REVIEWER, below=True, certificate=True),
    _m("legal2", "衡知止", "TP", Role.LEGAL_REVIEWER, below=True, certificate=True),
    _m("hearing1", "鉴清源", "PS-LAW", Role.HEARING_HOST, certificate=True),
    _m("fraud1", "珠联璧", "PS-FRD", Role.FRAUD_ANALYST),
    _m("fraud2", "算无遗", "PS-FRD", Role.FRAUD_ANALYST),
    # court
    _m("executor1", "石守信", "CT-EXE", Role.COURT_EXECUTOR, certificate=True),
    _m("executor2", "碑立言", "CT-EXE", Role.COURT_EXECUTOR, certificate=True),
    _m("judge1", "衡中天", "CT", Role.COURT_JUDGE),
    _m("president1", "钟鼎鸣", "CT", Role.COURT_PRESIDENT, below=True),
    # counters, community, companies
    _m("clerk1", "纸小砚", "SH-PS", Role.CLERK),
    _m("clerk2", "窗明几", "SH-PS", Role.CLERK),
    _m("grid1", "巷口灯", "CM-OLD", Role.GRID_WORKER),
    _m("grid2", "豆腐香", "CM-MKT", Role.GRID_WORKER),
    _m("volunteer1", "红袖章", "CM-OLD", Role.VOLUNTEER),
    _m("volunteer2", "糖画儿", "CM-MKT", Role.VOLUNTEER),
    _m("mediator1", "和为贵", "MD", Role.MEDIATOR),
    _m("bank1", "柜小满", "BK", Role.BANK_STAFF),
    _m("highway1", "路通达", "HW", Role.HIGHWAY_STAFF),
    # over all of them
    _m("supervisor1", "镜高悬", "GV-SUP", Role.SUPERVISOR),
    _m("supervisor2", "督察远", "PS", Role.SUPERVISOR, below=True),
    _m("audit1", "账分明", "OP", Role.AUDITOR),
    _m("security1", "锁扣紧", "OP", Role.SECURITY_ADMIN),
    _m("system1", "机房暖", "OP", Role.SYSTEM_ADMIN),
    # the joint headquarters: a county's commander is posted to both agencies there
    _m("commander2", "闸上明", "PS-01", Role.COMMANDER, below=True, also=("TP-01", "UM-01")),
)
# fmt: on
"""Login, name, unit, roles. The names say what somebody does; nobody is called so."""

CITIZENS = 5
"""So many drivers have an account of the portal: ``citizen1``…"""

DOORS: tuple[tuple[str, str, str], ...] = (
    ("supervisor1", "执法监督：看全市的事项", "supervisor: sees every matter of the city"),
    ("urban1", "城管队员：拍照、提醒、移交", "urban officer: photographs, reminds, hands over"),
    ("traffic1", "交警：路面处置", "traffic officer on the street"),
    ("review1", "交警审核：确认或退回", "traffic reviewer: approves or rejects"),
    ("audit1", "审计管理员：看谁查了什么", "auditor: who looked at what"),
)
"""The logins that a newcomer is shown first."""
PLATES = ("鲁TW479X", "鲁TL159G", "鲁TC297X")
"""Cars of residents whom a message reaches: for whoever tries the field app by hand."""
