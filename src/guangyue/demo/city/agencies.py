"""Agencies and units of the demo city (机关与单位)."""

from __future__ import annotations

from dataclasses import dataclass

from guangyue.demo.city.land import SEATS
from guangyue.law.competence.actors import Agency, Level

__all__ = ["AGENCIES", "UNITS", "UnitPlan"]

# fmt: off
AGENCIES: tuple[tuple[str, Agency, str, str], ...] = (
    ("police", Agency.POLICE, "光岳市公安局", "Guangyue Public Security Bureau"),
    ("traffic", Agency.TRAFFIC_POLICE, "光岳市公安局交通警察支队", "Guangyue Traffic Police"),
    ("urban", Agency.URBAN, "光岳市城市管理局", "Guangyue Urban Management"),
    ("court", Agency.COURT, "光岳市中级人民法院", "Guangyue Intermediate Court"),
    ("government", Agency.GOVERNMENT, "光岳市人民政府", "Guangyue People's Government"),
    ("hall", Agency.SERVICE_HALL, "光岳市政务服务中心", "Guangyue Service Hall"),
    ("community", Agency.COMMUNITY, "光岳市群防群治办公室", "Guangyue Community Watch"),
    ("mediation", Agency.MEDIATION, "光岳市人民调解委员会", "Guangyue Mediation Committee"),
    ("bank", Agency.BANK, "光岳运河银行（虚构）", "Canal Bank of Guangyue (invented)"),
    ("telecom", Agency.TELECOM, "光岳通信（虚构）", "Guangyue Telecom (invented)"),
    ("highway", Agency.HIGHWAY, "光岳高速运营公司（虚构）", "Guangyue Highway Company (invented)"),
    ("operator", Agency.OPERATOR, "光岳市公共安全系统运维组", "Operations of this system"),
)
"""Code, kind in the law's sense, names."""


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit to be."""

    code: str
    agency: str
    parent: str
    level: Level
    name_zh: str
    name_en: str


def _plans() -> tuple[UnitPlan, ...]:
    city, county, station = Level.CITY, Level.COUNTY, Level.STATION
    found = [
        UnitPlan("PS", "police", "", city, "市公安局", "City police"),
        UnitPlan("PS-CMD", "police", "PS", city, "指挥中心", "Command centre"),
        UnitPlan("PS-FRD", "police", "PS", city, "反诈中心", "Anti-fraud centre"),
        UnitPlan("PS-LAW", "police", "PS", city, "法制支队", "Legal affairs"),
        UnitPlan("PS-CID", "police", "PS", city, "刑侦支队", "Criminal investigation"),
        UnitPlan("PS-SUP", "police", "PS", city, "警务督察支队", "Police supervision"),
        UnitPlan("TP", "traffic", "", city, "交警支队", "Traffic police"),
        UnitPlan("TP-REV", "traffic", "TP", city, "违法审核中心", "Traffic review centre"),
        UnitPlan("TP-D1", "traffic", "TP", county, "直属一大队", "First brigade"),
        UnitPlan("TP-D2", "traffic", "TP", county, "直属二大队", "Second brigade"),
        UnitPlan("UM", "urban", "", city, "市城管局", "Urban management"),
        UnitPlan("UM-D1", "urban", "UM", county, "直属一大队", "First urban brigade"),
        UnitPlan("UM-D2", "urban", "UM", county, "直属二大队", "Second urban brigade"),
        UnitPlan("UM-REV", "urban", "UM", city, "法制审核科", "Urban legal review"),
        UnitPlan("CT", "court", "", city, "市中级人民法院", "Intermediate court"),
        UnitPlan("CT-EXE", "court", "CT", city, "执行局", "Enforcement bureau"),
        UnitPlan("GV", "government", "", city, "市人民政府", "City government"),
        UnitPlan("GV-SUP", "government", "GV", city, "执法监督局", "Supervision of enforcement"),
        UnitPlan("SH", "hall", "", city, "政务服务中心", "Service hall"),
        UnitPlan("SH-PS", "hall", "SH", city, "公安综合窗口", "Police windows"),
        UnitPlan("CM", "community", "", city, "群防群治办公室", "Community watch"),
        UnitPlan("CM-OLD", "community", "CM", station, "老城社区", "Old town community"),
        UnitPlan("CM-MKT", "community", "CM", station, "夜市社区", "Night market community"),
        UnitPlan("MD", "mediation", "", city, "人民调解委员会", "Mediation committee"),
        UnitPlan("BK", "bank", "", city, "运河银行", "Canal Bank"),
        UnitPlan("TE", "telecom", "", city, "光岳通信", "Guangyue Telecom"),
        UnitPlan("HW", "highway", "", city, "高速运营公司", "Highway company"),
        UnitPlan("OP", "operator", "", city, "系统运维组", "Operations"),
    ]
    for n, (_, zh, en, _, _) in enumerate(SEATS, 1):
        short, place = zh[:2], en.split()[0]
        found += [
            UnitPlan(f"PS-{n:02}", "police", "PS", county, f"{short}分局" if zh.endswith("区") else f"{zh}公安局", f"{place} police"),
            UnitPlan(f"TP-{n:02}", "traffic", "TP", county, f"{short}交警大队", f"{place} traffic brigade"),
            UnitPlan(f"UM-{n:02}", "urban", "UM", county, f"{zh}城管局", f"{place} urban management"),
        ]
    stations = (
        ("01", "A", "老城", "Old Town"),
        ("01", "B", "书院", "Academy"),
        ("01", "C", "运河", "Canal"),
        ("03", "A", "闸口", "Lock"),
        ("03", "B", "夜市", "Night Market"),
    )
    for county_no, letter, zh, en in stations:
        found.append(UnitPlan(f"PS-{county_no}{letter}", "police", f"PS-{county_no}", station, f"{zh}派出所", f"{en} station"))
    return tuple(found)


UNITS = _plans()
