"""The scam simulator: an invented city's telecom, bank and network events with known scams in them (诈骗推演).

Frozen before the detector was tuned: :data:`FROZEN` is the digest of the scripts that all published figures used.
Seed and scripts come by flag; nothing here is imported by the rules, and nothing of the rules here.
"""

from guangyue.engines.fraud.simulate.population import Population
from guangyue.engines.fraud.simulate.script import Script, ScriptError, digest, load, read
from guangyue.engines.fraud.simulate.world import Case, Settings, World

__all__ = ["Case", "Population", "Script", "ScriptError", "Settings", "World", "digest", "load", "read"]
