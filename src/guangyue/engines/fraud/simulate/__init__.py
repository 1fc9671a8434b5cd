"""The scam simulator: an invented city's telecom, bank and network events with known scams in them (诈骗推演).

Frozen before the detector was tuned: :data:`FROZEN` is the digest of the scripts that all published figures used.
Seed and scripts come by flag; nothing here is imported by the rules, and nothing of the rules here.
"""

from guangyue.engines.fraud.simulate.files import Recorded, RunError, write
from guangyue.engines.fraud.simulate.population import Population
from guangyue.engines.fraud.simulate.script import Script, ScriptError, digest, load, read
from guangyue.engines.fraud.simulate.world import Case, Day, Settings, World

__all__ = [
    "FROZEN",
    "Case",
    "Day",
    "Population",
    "Recorded",
    "RunError",
    "Script",
    "ScriptError",
    "Settings",
    "World",
    "digest",
    "load",
    "read",
    "write",
]

FROZEN = "0ec5d45146a3a091"
"""The digest of the scripts that come with the simulator; a test holds them to it."""
