"""Who works at this desk, and who is on the other side of it."""

from __future__ import annotations

from guangyue.kernel.grammar import Party, Role, System, T, Who
from guangyue.law.competence.actors import Agency
from guangyue.law.competence.actors import Role as Duty

URBAN = Role(Duty.URBAN_OFFICER, agency=Agency.URBAN)
TRAFFIC = Role(Duty.TRAFFIC_OFFICER, agency=Agency.TRAFFIC_POLICE)
AUXILIARY = Role(Duty.AUXILIARY)
FIELD = (URBAN, TRAFFIC, AUXILIARY)
"""Those who photograph, remind and look again: either agency."""

REVIEWER = Role(Duty.TRAFFIC_REVIEWER, agency=Agency.TRAFFIC_POLICE)
"""交警审核人员: the only ones whose word leads to a penalty for parking on the road."""
CHIEF = Role(Duty.AGENCY_HEAD, agency=Agency.TRAFFIC_POLICE)

URBAN_HEAD = Role(Duty.AGENCY_HEAD, agency=Agency.URBAN)
COMMANDER = Role(Duty.COMMANDER)
"""指挥长: of the joint headquarters or of a county, posted to the units of both agencies that the command reaches."""

OWNER = Party("owner")
CARRIER = System("carrier")
"""The carrier's answer to a message, brought in by the SMS link."""

PARTY = Party("party", T("当事人", "the party"))
"""当事人: whoever is found to have done it; takes part through the portal or at the counter."""
LEGAL = Role(Duty.LEGAL_REVIEWER)
URBAN_REVIEWER = Role(Duty.URBAN_REVIEWER, agency=Agency.URBAN)
HOST = Role(Duty.HEARING_HOST)
CLERK = Role(Duty.CLERK)
BANK = System("bank_link")
"""The bank that takes in fines: who decides a fine never collects it (罚缴分离)."""
STATION = Role(Duty.STATION_OFFICER, agency=Agency.POLICE)
COUNTY = Role(Duty.COUNTY_OFFICER, agency=Agency.POLICE)
POLICE_HEAD = Role(Duty.AGENCY_HEAD, agency=Agency.POLICE)
POLICE = (STATION, COUNTY, TRAFFIC)
"""Those who may check an identity: police alone."""
OFFICERS = (URBAN, TRAFFIC)
HEADS = (URBAN_HEAD, CHIEF)
HANDLERS = (URBAN, TRAFFIC, URBAN_HEAD, CHIEF, URBAN_REVIEWER, LEGAL, HOST, CLERK, PARTY)
"""Who reads what is known of the party: those who handle the matter, and the party."""
HELPERS = (Role(Duty.VOLUNTEER), Role(Duty.GRID_WORKER), Role(Duty.PARKING_STEWARD))


def holding(agency: Agency) -> Who:
    """The agency's officers, where a matter was handed to them and not to others."""
    return Role(HANDED_TO[agency], agency=agency, holder=True)


HANDED_TO = {Agency.URBAN: Duty.URBAN_OFFICER, Agency.TRAFFIC_POLICE: Duty.TRAFFIC_OFFICER}
