"""Agencies, their levels and the roles in them (机关、层级、岗位)."""

from __future__ import annotations

from enum import StrEnum

from guangyue.law.text import Text

__all__ = ["AGENCIES", "LEVELS", "ROLES", "Agency", "Level", "Party", "Role"]


class Agency(StrEnum):
    """On whose behalf somebody acts."""

    POLICE = "police"
    TRAFFIC_POLICE = "traffic_police"
    URBAN = "urban"
    COURT = "court"
    GOVERNMENT = "government"
    SERVICE_HALL = "service_hall"
    COMMUNITY = "community"
    MEDIATION = "mediation"
    BANK = "bank"
    TELECOM = "telecom"
    HIGHWAY = "highway"
    PUBLIC = "public"
    OPERATOR = "operator"


class Level(StrEnum):
    """The level of an agency."""

    NONE = "none"
    STATION = "station"
    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"


class Party(StrEnum):
    """Whom a penalty falls on."""

    CITIZEN = "citizen"
    ORGANISATION = "organisation"


class Role(StrEnum):
    """What somebody is, whatever the rank."""

    VOLUNTEER = "volunteer"
    GRID_WORKER = "grid_worker"
    PARKING_STEWARD = "parking_steward"
    AUXILIARY = "auxiliary"
    URBAN_OFFICER = "urban_officer"
    URBAN_REVIEWER = "urban_reviewer"
    TRAFFIC_OFFICER = "traffic_officer"
    TRAFFIC_REVIEWER = "traffic_reviewer"
    STATION_OFFICER = "station_officer"
    COUNTY_OFFICER = "county_officer"
    INVESTIGATOR = "investigator"
    LEGAL_REVIEWER = "legal_reviewer"
    HEARING_HOST = "hearing_host"
    AGENCY_HEAD = "agency_head"
    COURT_EXECUTOR = "court_executor"
    COURT_JUDGE = "court_judge"
    COURT_PRESIDENT = "court_president"
    CALL_TAKER = "call_taker"
    DISPATCHER = "dispatcher"
    COMMANDER = "commander"
    CLERK = "clerk"
    BANK_STAFF = "bank_staff"
    FRAUD_ANALYST = "fraud_analyst"
    MEDIATOR = "mediator"
    HIGHWAY_STAFF = "highway_staff"
    CITIZEN = "citizen"
    OWNER = "owner"
    CARRIER = "carrier"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    SECURITY_ADMIN = "security_admin"
    SYSTEM_ADMIN = "system_admin"


AGENCIES: dict[Agency, Text] = {
    Agency.POLICE: Text("公安机关", "police"),
    Agency.TRAFFIC_POLICE: Text("公安交通管理部门", "traffic police"),
    Agency.URBAN: Text("城市管理（综合行政执法）部门", "urban management"),
    Agency.COURT: Text("人民法院", "court"),
    Agency.GOVERNMENT: Text("人民政府", "government"),
    Agency.SERVICE_HALL: Text("政务服务大厅", "service hall"),
    Agency.COMMUNITY: Text("社区和群防群治组织", "community"),
    Agency.MEDIATION: Text("人民调解委员会", "mediation committee"),
    Agency.BANK: Text("银行", "bank"),
    Agency.TELECOM: Text("电信运营商", "telecom carrier"),
    Agency.HIGHWAY: Text("高速公路经营单位", "highway operator"),
    Agency.PUBLIC: Text("公众", "the public"),
    Agency.OPERATOR: Text("系统运维单位", "operator of this system"),
}

LEVELS: dict[Level, Text] = {
    Level.NONE: Text("不分级", "no level"),
    Level.STATION: Text("所队", "station"),
    Level.COUNTY: Text("县级", "county"),
    Level.CITY: Text("市级", "city"),
    Level.PROVINCE: Text("省级", "province"),
}

ROLES: dict[Role, Text] = {
    Role.VOLUNTEER: Text("志愿者", "volunteer"),
    Role.GRID_WORKER: Text("网格员", "grid worker"),
    Role.PARKING_STEWARD: Text("停车督导员", "parking steward"),
    Role.AUXILIARY: Text("辅警、协管员", "auxiliary"),
    Role.URBAN_OFFICER: Text("城管执法人员", "urban officer"),
    Role.URBAN_REVIEWER: Text("城管审核人员", "urban reviewer"),
    Role.TRAFFIC_OFFICER: Text("交通警察", "traffic officer"),
    Role.TRAFFIC_REVIEWER: Text("交警审核人员", "traffic reviewer"),
    Role.STATION_OFFICER: Text("派出所民警", "station officer"),
    Role.COUNTY_OFFICER: Text("县级以上公安机关民警", "county police officer"),
    Role.INVESTIGATOR: Text("侦查员", "investigator"),
    Role.LEGAL_REVIEWER: Text("法制审核人员", "legal reviewer"),
    Role.HEARING_HOST: Text("听证主持人", "hearing host"),
    Role.AGENCY_HEAD: Text("行政机关负责人", "agency head"),
    Role.COURT_EXECUTOR: Text("执行员", "court executor"),
    Role.COURT_JUDGE: Text("法官", "judge"),
    Role.COURT_PRESIDENT: Text("院长", "court president"),
    Role.CALL_TAKER: Text("接警员", "call taker"),
    Role.DISPATCHER: Text("派警员", "dispatcher"),
    Role.COMMANDER: Text("指挥长", "commander"),
    Role.CLERK: Text("窗口人员", "window clerk"),
    Role.BANK_STAFF: Text("银行工作人员", "bank staff"),
    Role.FRAUD_ANALYST: Text("反诈研判员", "anti-fraud analyst"),
    Role.MEDIATOR: Text("调解员", "mediator"),
    Role.HIGHWAY_STAFF: Text("高速公路工作人员", "highway staff"),
    Role.CITIZEN: Text("群众", "citizen"),
    Role.OWNER: Text("机动车所有人、管理人", "vehicle owner or keeper"),
    Role.CARRIER: Text("运营商系统", "carrier's system"),
    Role.SUPERVISOR: Text("执法监督人员", "supervisor"),
    Role.AUDITOR: Text("审计管理员", "audit administrator"),
    Role.SECURITY_ADMIN: Text("安全管理员", "security administrator"),
    Role.SYSTEM_ADMIN: Text("系统管理员", "system administrator"),
}
