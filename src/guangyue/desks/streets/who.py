"""Who works at this desk, and who is on the other side of it."""

from __future__ import annotations

from guangyue.kernel.grammar import Party, Role, System
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
