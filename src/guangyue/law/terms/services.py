"""Terms of service halls: licences, passports, identity cards, vehicles (政务服务)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.law.laws import IDENTITY_CARD, LICENSING, PASSPORT, PASSPORT_PRACTICE, REGISTRATION, RESIDENCE
from guangyue.law.terms.table import term

if TYPE_CHECKING:
    from guangyue.law.rule import TermRule

__all__ = ["TERMS"]

_ACCEPTED = ("受理申请", "the application is accepted")

# fmt: off
TERMS: tuple[TermRule, ...] = (
    term("L-SVC-ONCE", "5 wd", ("一次告知补正内容，逾期视为受理", "all that is missing told once, else accepted"),
         after=("收到申请材料", "the papers arrive"), law=LICENSING, art="32"),
    term("L-SVC-LIC.1", "20 wd", ("作出许可决定", "licence decided"), more="10 wd", cap="30 wd",
         after=_ACCEPTED, law=LICENSING, art="42"),
    term("L-SVC-LIC.2", "10 wd", ("颁发、送达许可证件", "licence delivered"),
         after=("作出准予许可决定", "the licence is granted"), law=LICENSING, art="44"),

    term("L-PASS.1", "15 d", ("签发普通护照", "passport issued"), more="15 d", cap="30 d",
         after=("收到申请材料", "the papers arrive"), law=PASSPORT, art="6"),
    term("L-PASS.2", "7 wd", ("护照办理承诺", "passport issued, usual practice"),
         after=_ACCEPTED, law=PASSPORT_PRACTICE, art=""),
    term("L-PASS.3", "20 d", ("跨省异地护照办理承诺", "passport issued, applicant of another province"),
         after=_ACCEPTED, law=PASSPORT_PRACTICE, art=""),
    term("L-PASS.4", "5 wd", ("加急护照办理承诺", "passport issued, urgent"),
         after=_ACCEPTED, law=PASSPORT_PRACTICE, art=""),

    term("L-ID.1", "60 d", ("发放居民身份证", "identity card issued"), more="30 d", cap="90 d",
         after=("提交申领登记表", "the application form is handed in"), law=IDENTITY_CARD, art="12"),
    term("L-ID.2", "15 d", ("发放居住证", "residence permit issued"), more="15 d", cap="30 d",
         after=_ACCEPTED, law=RESIDENCE, art="9"),

    term("L-VEH.1", "2 wd", ("机动车注册登记", "vehicle registered"),
         after=_ACCEPTED, law=REGISTRATION, art="12"),
    term("L-VEH.2", "1 wd", ("变更、转让登记，补换登记证书、行驶证", "change, transfer, certificate replaced"),
         after=_ACCEPTED, law=REGISTRATION, art="17, 26, 52"),
    term("L-VEH.3", "3 wd", ("转出、转入登记", "vehicle moved out or in"),
         after=_ACCEPTED, law=REGISTRATION, art="18"),
    term("L-VEH.4", "15 wd", ("补发、换发号牌", "plates replaced"),
         after=_ACCEPTED, law=REGISTRATION, art="51"),
    term("L-VEH.5", "5 wd", ("确认登记更正", "registration corrected"),
         after=_ACCEPTED, law=REGISTRATION, art="53"),
)
# fmt: on
