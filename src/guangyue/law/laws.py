"""The laws the rules come from: title, days in force, and which of their days are working days.

``since`` is the first day of the version that was read, not of the law's first version: what stood before it is
loaded only where an earlier rule is listed as a version of its own.

**Day type differs by law.** ``working`` holds the numbers of days a law counts in working days and ``days`` the
article that says so: the Administrative Penalty Law means working days by 2, 3, 5 and 7 days, so its 15 days to pay
are calendar days. A law without such a clause counts calendar days throughout.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from guangyue.law.source import Mark, Source
from guangyue.law.text import Text

if TYPE_CHECKING:
    from collections.abc import Container

__all__ = ["Law"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """A law, regulation or notice, in the version read."""

    title: Text
    since: date
    until: date | None = None
    mark: Mark = "V"
    local: bool = False
    days: str = ""
    working: Container[int] = ()

    def source(self, article: str, mark: Mark | None = None) -> Source:
        """The provision with this article; ``mark`` where a single article is known less well than the law."""
        return Source(self.title, article, mark or self.mark, self.local)


def _law(
    zh: str,
    en: str,
    since: str,
    *,
    until: str = "",
    mark: Mark = "V",
    local: bool = False,
    days: str = "",
    working: Container[int] = (),
) -> Law:
    return Law(
        title=Text(zh, en),
        since=date.fromisoformat(since),
        until=date.fromisoformat(until) if until else None,
        mark=mark,
        local=local,
        days=days,
        working=working,
    )


# fmt: off
# Administrative law
PENALTY = _law("行政处罚法", "Administrative Penalty Law", "2021-07-15", days="85", working={2, 3, 5, 7})
COMPULSION = _law("行政强制法", "Administrative Compulsion Law", "2012-01-01", days="69", working=range(1, 11))
LICENSING = _law("行政许可法", "Administrative Licensing Law", "2019-04-23", days="82", working=range(1, 1000))
REVIEW = _law("行政复议法", "Administrative Reconsideration Law", "2024-01-01", days="88", working={3, 5, 7, 10})
REVIEW_2017 = _law("行政复议法", "Administrative Reconsideration Law", "2018-01-01", until="2023-12-31", mark="G")
LITIGATION = _law("行政诉讼法", "Administrative Litigation Law", "2017-07-01")
TRANSFER = _law("行政执法机关移送涉嫌犯罪案件的规定", "Provisions on Transferring Suspected Crimes", "2020-08-07")
BUSINESS = _law("优化营商环境条例", "Business Environment Regulations", "2020-01-01")
PETITIONS = _law("信访工作条例", "Petition Work Regulations", "2022-05-01")
PUBLICITY = _law("国办发〔2018〕118号", "State Council Office Notice (2018) No. 118", "2018-12-05", mark="G",
                 working={7, 20})

# Traffic
TRAFFIC = _law("道路交通安全法", "Road Traffic Safety Law", "2021-04-29")
TRAFFIC_PROCEDURE = _law("道路交通安全违法行为处理程序规定", "Road Traffic Violation Procedure Provisions",
                         "2020-05-01", days="81", working={2, 3, 5, 7, 10, 15})
TRAFFIC_NORMS = _law("交通警察道路执勤执法工作规范", "Traffic Police Road Duty Norms", "2009-01-01")
REGISTRATION = _law("机动车登记规定", "Motor Vehicle Registration Provisions", "2022-05-01",
                    days="92", working={1, 2, 3, 5, 7, 10, 15})

# Police
SECURITY = _law("治安管理处罚法", "Public Security Administration Penalties Law", "2026-01-01")
SECURITY_2012 = _law("治安管理处罚法", "Public Security Administration Penalties Law", "2013-01-01", until="2025-12-31")
POLICE_PROCEDURE = _law("公安机关办理行政案件程序规定", "Police Administrative Case Procedure", "2019-01-01")
POLICE_PROCEDURE_2025 = _law("公安机关办理行政案件程序规定", "Police Administrative Case Procedure", "2019-01-01",
                             until="2025-12-31")
CRIMINAL_PROCEDURE = _law("公安机关办理刑事案件程序规定", "Police Criminal Case Procedure", "2020-09-01")
ACCEPTANCE = _law("公通字〔2015〕32号", "Ministry of Public Security Notice (2015) No. 32", "2015-12-29", mark="S")
RECORDING = _law("公安机关现场执法视音频记录工作规定", "Provisions on Police Body-Worn Recording", "2016-07-01",
                 mark="S")

# Services
PASSPORT = _law("护照法", "Passport Law", "2007-01-01")
PASSPORT_PRACTICE = _law("出入境管理机构办证承诺", "Exit-Entry Office Service Practice", "2020-01-01", mark="S",
                         working={5, 7})
IDENTITY_CARD = _law("居民身份证法", "Resident Identity Card Law", "2012-01-01")
RESIDENCE = _law("居住证暂行条例", "Interim Regulations on Residence Permits", "2016-01-01")

# Courts
CIVIL = _law("民事诉讼法", "Civil Procedure Law", "2024-01-01")
CIVIL_2021 = _law("民事诉讼法", "Civil Procedure Law", "2022-01-01", until="2023-12-31")
CIVIL_INTERPRETATION = _law("最高人民法院关于适用民事诉讼法的解释",
                            "Supreme Court Interpretation on the Civil Procedure Law", "2022-04-10")
EXECUTION = _law("最高人民法院关于适用民事诉讼法执行程序若干问题的解释",
                 "Supreme Court Interpretation on Execution Procedure", "2021-01-01")
TIME_LIMITS = _law("最高人民法院关于严格执行案件审理期限制度的若干规定",
                   "Supreme Court Provisions on Trial Time Limits", "2000-09-28")
PROPERTY_INQUIRY = _law("最高人民法院关于民事执行中财产调查若干问题的规定",
                        "Supreme Court Provisions on Property Inquiry", "2021-01-01")
CONFIRMATION = _law("最高人民法院关于人民调解协议司法确认程序的若干规定",
                    "Supreme Court Provisions on Judicial Confirmation", "2011-03-30")
COURT_PRACTICE = _law("法院执行实务", "Court Enforcement Practice", "2020-01-01", mark="S", local=True)

# Community
MEDIATION = _law("人民调解法", "People's Mediation Law", "2011-01-01")
CIVIL_CODE = _law("民法典", "Civil Code", "2021-01-01")
VOLUNTEERS = _law("志愿服务条例", "Volunteer Service Regulations", "2017-12-01")

# Fraud
ANTI_FRAUD = _law("反电信网络诈骗法", "Anti-Telecom and Online Fraud Law", "2022-12-01")
STOP_PAYMENT = _law("银发〔2016〕86号", "People's Bank Notice (2016) No. 86", "2016-06-01", mark="S")
REFUND = _law("电信网络新型违法犯罪案件冻结资金返还若干规定", "Provisions on Returning Frozen Funds", "2016-09-18",
              mark="S", working={3})
JOINT_PUNISHMENT = _law("电信网络诈骗及其关联违法犯罪联合惩戒办法", "Measures on Joint Punishment for Telecom Fraud",
                        "2024-12-01", mark="S")

# Data and systems
CYBERSECURITY = _law("网络安全法", "Cybersecurity Law", "2026-01-01")
CYBERSECURITY_2016 = _law("网络安全法", "Cybersecurity Law", "2017-06-01", until="2025-12-31")
PERSONAL_DATA = _law("个人信息保护法", "Personal Information Protection Law", "2021-11-01")
NETWORK_DATA = _law("网络数据安全管理条例", "Network Data Security Regulations", "2025-01-01")
VIDEO = _law("公共安全视频图像信息系统管理条例", "Public Video System Regulations", "2025-04-01", mark="G")
CLASSIFIED_PROTECTION = _law("网络安全等级保护基本要求（GB/T 22239-2019）",
                             "Baseline for Classified Protection (GB/T 22239-2019)", "2019-12-01", mark="S")

# Liaocheng and Shandong: every one to be confirmed by the city's legal office
CITY_TRAFFIC = _law("聊城市道路交通安全条例", "Liaocheng Road Traffic Safety Rules", "2021-12-03", local=True)
CITY_APPEARANCE = _law("聊城市城镇容貌和环境卫生管理条例", "Liaocheng City Appearance and Sanitation Rules",
                       "2020-03-01", local=True)
PROVINCE_TRAFFIC = _law("山东省实施道路交通安全法办法", "Shandong Measures for the Road Traffic Safety Law",
                        "2012-01-13", local=True)
PROMISES = _law("本市服务承诺", "The City's Own Promises", "2020-01-01", mark="G", local=True)
SERVICE_POWERS = _law("本市服务岗位职责", "The City's List of Service Duties", "2020-01-01", mark="G", local=True)
SUPERVISION = _law("行政执法监督制度", "Supervision of Enforcement", "2020-01-01", mark="S")
POLICE_POWERS = _law("市县所三级执法权责清单", "The City's List of Police Powers", "2020-01-01", mark="G", local=True)
# fmt: on
