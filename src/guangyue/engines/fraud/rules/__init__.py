"""Readable rules over features, and the alerts they raise (预警规则)."""

from guangyue.engines.fraud.rules.alerts import LEVELS, Alert, AlertBook, alert_id
from guangyue.engines.fraud.rules.grammar import NATIONAL, Condition, Rule, RuleError, RuleFault, parse, read
from guangyue.engines.fraud.rules.hook import persons, rule_hook
from guangyue.engines.fraud.rules.match import RuleSet
from guangyue.engines.fraud.rules.reasons import reason, value_text

__all__ = [
    "LEVELS",
    "NATIONAL",
    "Alert",
    "AlertBook",
    "Condition",
    "Rule",
    "RuleError",
    "RuleFault",
    "RuleSet",
    "alert_id",
    "parse",
    "persons",
    "read",
    "reason",
    "rule_hook",
    "value_text",
]
