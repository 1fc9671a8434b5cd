"""The features of the city (风险特征目录), by entity. Each says in a sentence why it is looked at.

Adding one: a line in the file of its entity; its name appears in the vectors, the rules and the printed catalogue.
"""

from __future__ import annotations

from guangyue.engines.fraud.catalogue.accounts import ACCOUNT, DEVICE
from guangyue.engines.fraud.catalogue.numbers import DOMAIN, PHONE
from guangyue.engines.fraud.catalogue.person import PERSON
from guangyue.engines.fraud.features import check_features, vector_names
from guangyue.engines.fraud.sources import BY_CODE

__all__ = ["CATALOGUE", "NAMES"]

CATALOGUE = check_features((*PERSON, *PHONE, *ACCOUNT, *DEVICE, *DOMAIN), BY_CODE)
"""Every feature, in the order of the vectors."""

NAMES = vector_names(CATALOGUE)
"""The columns of an event's flat vector: ``slot.feature``."""
