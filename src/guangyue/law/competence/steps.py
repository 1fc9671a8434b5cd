"""The steps of enforcement that come before a fine (柔性执法阶梯)."""

from __future__ import annotations

from enum import StrEnum

from guangyue.law.text import Text

__all__ = ["STEPS", "Step"]


class Step(StrEnum):
    """What comes before a fine, from the lightest on."""

    EXPLAIN = "explain"
    ADVISE = "advise"
    ORAL_WARNING = "oral_warning"
    ADMONISH = "admonish"
    WRITTEN_WARNING = "written_warning"
    ORDER = "order"
    REFUSED = "refused"
    FINE = "fine"


STEPS: dict[Step, Text] = {
    Step.EXPLAIN: Text("教育引导", "explaining"),
    Step.ADVISE: Text("劝导", "advice"),
    Step.ORAL_WARNING: Text("口头警告", "oral warning"),
    Step.ADMONISH: Text("告诫", "admonition"),
    Step.WRITTEN_WARNING: Text("书面警告", "written warning"),
    Step.ORDER: Text("责令限期改正", "order to correct by a date"),
    Step.REFUSED: Text("逾期不改正或者拒不改正", "the order was not obeyed"),
    Step.FINE: Text("罚款", "fine"),
}
