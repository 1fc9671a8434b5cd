"""Who may act, see or be told: staff roles, parties of the matter, outside systems."""

from __future__ import annotations

from dataclasses import dataclass, field

from guangyue.kernel.grammar.base import Element, T
from guangyue.law import Text
from guangyue.law.competence.actors import AGENCIES, LEVELS, ROLES
from guangyue.law.override import override

ROLE_TITLES: dict[str, Text] = {role.value: title for role, title in ROLES.items()}
AGENCY_TITLES: dict[str, Text] = {agency.value: title for agency, title in AGENCIES.items()}
LEVEL_TITLES: dict[str, Text] = {level.value: title for level, title in LEVELS.items()}

PARTY_TITLES: dict[str, Text] = {
    "owner": T("车主", "the vehicle's owner"),
    "applicant": T("申请人", "the applicant"),
    "respondent": T("被执行人", "the respondent"),
    "reporter": T("报告人", "the reporter"),
    "victim": T("被侵害人", "the victim"),
    "responsible": T("责任人", "the person responsible"),
    "side_a": T("当事人甲", "the first party"),
    "side_b": T("当事人乙", "the second party"),
    "driver": T("驾驶人", "the driver"),
    "organiser": T("组织者", "the organiser"),
}
SYSTEM_TITLES: dict[str, Text] = {
    "clock": T("计时器", "the clock"),
    "kernel": T("系统自动办理", "the system itself"),
    "carrier": T("运营商系统", "the carrier's system"),
    "traffic_platform": T("交管平台", "the traffic platform"),
    "antifraud": T("反诈预警系统", "the anti-fraud system"),
    "alarm": T("一键报警装置", "the one-key alarm"),
    "bank_link": T("银行联网系统", "the banks' link"),
}
ANYONE = T("所有可打开该事项的人", "everybody who may open the matter")


@dataclass(frozen=True, slots=True)
class Who(Element):
    """A kind of person or system.

    Attributes:
        kind: ``role`` (staff), ``party`` (someone the matter is about), ``system`` (a machine: carrier, clock, platform)
            or ``anyone``.
        code: the role's, party's or system's code; roles, agencies and levels are those of the law's tables.
        agency: when given, the role counts only inside this agency.
        levels: when given, the role counts only at these levels (station, county, city).
        holder: the role counts only in the unit that holds the matter.
        called: what a party or system is called, where the tables here have no word for it.
        name: a short stable name: ``role:traffic_reviewer@traffic_police``.
    """

    kind: str
    code: str
    agency: str = ""
    levels: tuple[str, ...] = ()
    holder: bool = False
    called: Text | None = None
    name: str = field(init=False, repr=False, compare=False)

    @override
    def __post_init__(self) -> None:
        Element.__post_init__(self)
        object.__setattr__(self, "name", f"{self.kind}:{self.code}" + (f"@{self.agency}" if self.agency else ""))

    @property
    def title(self) -> Text:
        """What a clerk calls them: 交警审核人员（公安交通管理部门）."""
        if self.kind == "anyone":
            return ANYONE
        known = {"role": ROLE_TITLES, "party": PARTY_TITLES, "system": SYSTEM_TITLES}.get(self.kind, {})
        base = self.called or known.get(self.code) or Text(self.code, self.code)
        inside = [LEVEL_TITLES.get(level, Text(level, level)) for level in self.levels]
        if self.agency:
            inside.append(AGENCY_TITLES.get(self.agency, Text(self.agency, self.agency)))
        if self.holder:
            inside.append(T("承办单位", "of the unit that holds the matter"))
        if not inside:
            return base
        return Text(f"{base.zh}（{'、'.join(t.zh for t in inside)}）", f"{base.en} ({', '.join(t.en for t in inside)})")

    @property
    def unknown(self) -> tuple[str, str] | None:
        """What of it no table knows: its kind and code."""
        if self.kind == "role" and self.code not in ROLE_TITLES:
            return "role", self.code
        if self.agency and self.agency not in AGENCY_TITLES:
            return "agency", self.agency
        if strange := [level for level in self.levels if level not in LEVEL_TITLES]:
            return "level", strange[0]
        titles = {"party": PARTY_TITLES, "system": SYSTEM_TITLES}.get(self.kind)
        if titles is not None and self.called is None and self.code not in titles:
            return self.kind, self.code
        return None


def Role(code: str, *, agency: str = "", levels: tuple[str, ...] = (), holder: bool = False) -> Who:  # noqa: N802 - reads as a noun in declarations
    """A staff role (岗位), one of the law's."""
    return Who("role", str(code), str(agency), tuple(str(level) for level in levels), holder)


def Party(code: str, called: Text | None = None) -> Who:  # noqa: N802 - reads as a noun in declarations
    """Someone in the matter (当事人): owner, applicant, respondent, reporter."""
    return Who("party", code, called=called)


def System(code: str, called: Text | None = None) -> Who:  # noqa: N802 - reads as a noun in declarations
    """An outside or inner machine: carrier, traffic platform, clock."""
    return Who("system", code, called=called)


ALL: tuple[Who, ...] = (Who("anyone", "anyone"),)
"""Everybody who may open the matter at all."""

CLOCK = System("clock")
"""The runner that fires deadlines; acts named by ``does=`` of a deadline or schedule are performed by it."""

KERNEL_ITSELF = System("kernel")
"""Follow-on acts: a task done, a child closed, an act fanned out to related matters."""


def sees(reader: Who, visible: tuple[Who, ...]) -> bool:
    """Whether everyone meant by ``reader`` is among those who may see: a wider kind covers a narrower one."""
    return any(
        w.kind == "anyone"
        or (
            (w.kind, w.code) == (reader.kind, reader.code)
            and w.agency in {"", reader.agency}
            and (not w.levels or (reader.levels != () and set(reader.levels) <= set(w.levels)))
            and (not w.holder or reader.holder)
        )
        for w in visible
    )
