"""What the joint desk does besides parking, for pictures and browser tests: one matter of each kind, as officers leave it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from guangyue.city.models import Account
from guangyue.demo.city.duty import post_duty

if TYPE_CHECKING:
    from tests.browser.fill import Street

__all__ = ["joint"]

SPOT = (115.9850, 36.4560)
PARTY = {"party_name": "柳荫杂货店", "party_code": "92371500MA3TEST001"}
SAID = {**PARTY, "facts": "在路灯杆上张贴广告贴纸约四十张"}


class Joint:
    """The officers of one team, and their ways."""

    def __init__(self, street: Street, at: datetime) -> None:
        self.street, self.at = street, at
        self.two = (Account.objects.get(username="urban2").person.number,)

    def pieces(self, login: str, which: str, count: int = 1) -> tuple:
        found = [self.street.shots(login, which, f"鲁P{n}0000", self.at, SPOT) for n in range(count)]
        return tuple(piece for one in found for piece in one)

    def later(self, **span: int) -> None:
        self.at += timedelta(**span)
        self.street.clock(self.at)

    def open(self, login: str, procedure: str, act: str, **more) -> str:
        return self.street.do(login, act, procedure=procedure, **more)

    def found(self, street: str, login: str = "urban1") -> str:
        values = {"offence": "small_ads", "place_type": "street_furniture", "street": street, "shop": "柳荫杂货店"}
        photos = self.pieces(login, "found", 2)
        return self.open(login, "streets.small_ads", "record", values=values, evidence=photos, position=SPOT)

    def fined(self, street: str) -> str:
        """As far as an on-the-spot fine: ordered, refused, told, heard, decided."""
        ref, do = self.found(street), self.street.do
        by = (self.at + timedelta(days=2)).isoformat()
        do("urban1", "order", ref, values={**SAID, "correct_by": by}, officers=self.two)
        self.later(minutes=2)
        photos = self.pieces("urban1", "rechecked")
        do("urban1", "refuses", ref, values={"reason": "当场拒绝清除"}, evidence=photos, officers=self.two)
        told = {**SAID, "measure": "fine", "told_fine": 150_00}
        do("urban1", "tell", ref, values=told, checks=frozenset({"card_shown"}), officers=self.two)
        do("urban1", "hear", ref, values={"statement": "愿意清除，请求从轻。", "answer": "adopted"})
        do("urban1", "fine_on_spot", ref, values={"fine": 100_00, "party_signed": "signed"}, officers=self.two)
        return ref


def joint(street: Street, now: datetime) -> dict[str, str]:
    """Fills the joint desk; what was made, by name."""
    team = Joint(street, now - timedelta(minutes=50))
    street.clock(team.at)
    post_duty()
    do, two = street.do, team.two
    left = {"ads": team.found("柳园路30号"), "fined": team.fined("古城南街8号")}
    case = {"case": (left["ads"],)}
    left["told"] = team.found("柳园路66号")
    told = {**SAID, "measure": "warning"}
    do("urban1", "tell", left["told"], values=told, checks=frozenset({"card_shown"}), officers=two)
    team.later(minutes=5)
    left["asking"] = team.open(
        "urban1", "streets.questioning", "begin", related=case, checks=frozenset({"rights"}),
        values={"street": "柳园路30号", "purpose": "查明张贴情况"}, assign={"side": ("PS-01A",)},
    )  # fmt: skip
    said = {"power": "行政处罚法第55条", "asked": "问：这些广告是谁贴的？\n答：是我贴的，一共三处。"}
    do("urban1", "ask_urban", left["asking"], values=said, officers=two)
    left["identity"] = team.open(
        "urban1", "streets.identity", "ask", related=case, checks=frozenset({"necessary"}),
        values={
            "purpose": "paper", "purpose_said": "制作责令改正通知书", "basis": "城镇容貌和环境卫生管理条例第63条",
            "known": "四十岁上下男子，自称店主", "asked_name": True,
        },
    )  # fmt: skip
    left["goods"] = team.open(
        "urban1", "streets.goods", "list", related=case, checks=frozenset({"copy"}), officers=two,
        values={"ground": "registered", "street": "柳园路30号", "store": "一中队物证室", "signed": "signed"},
        evidence=team.pieces("urban1", "listed"),
        items={"things": ({"name": "广告贴纸", "quantity": 40}, {"name": "喷漆罐", "quantity": 2, "mark": "黑色"})},
    )  # fmt: skip
    left["transfer"] = team.open(
        "urban1", "streets.transfer", "propose", related=case, officers=two,
        values={"facts": "贴纸内容涉嫌虚假贷款广告，数额较大。", "report": "现场查获贴纸四十张，店主承认受雇张贴。"},
    )  # fmt: skip
    team.later(minutes=5)
    for what, place, street_ in (
        ("小区内道路摆摊由谁管没有规定", "residential", "柳荫小区"),
        ("河堤步道上的地锁，城管与水务均无明文", "public_ground", "运河东堤"),
    ):
        values = {"what": what, "place_type": place, "street": street_}
        left["gap"] = team.open("urban1", "streets.gap", "report", values=values)
    do("commander1", "own", left["gap"], values={"owner": "市城管局法制科"})
    left["visit"] = team.open("urban1", "streets.visit", "begin", values={"topic": "门前五包", "street": "古城南街"})
    held = {"reached": 32, "shops": 11, "leaflets": 40, "said": "希望多设公示栏。"}
    do("urban1", "hold", left["visit"], values=held)
    values = {"street": "古楼东网格", "standard": "civic"}
    left["inspection"] = team.open("urban1", "streets.inspection", "begin", values=values)
    short = {
        "short": ["stalls", "ads"], "met": ["bays", "clean"], "found": "路口两处摊位；三根灯杆有贴纸。",
        "mend_by": (now + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    do("urban1", "falls_short", left["inspection"], values=short, evidence=team.pieces("urban1", "short"))
    left["walking"] = team.open("urban1", "streets.inspection", "begin", values={**values, "street": "运河西网格"})
    left["team"] = team.open(
        "urbanhead1", "streets.team", "form", assign={"send": ("UM-D1", "TP-D1")},
        values={"name": "联合一队", "area": "古城区", "task": "小广告、占道经营专项治理"},
    )  # fmt: skip
    return left
