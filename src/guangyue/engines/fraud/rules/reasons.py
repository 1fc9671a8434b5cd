"""What an officer can say aloud: the rule's sentence with the values in it (可以当面说出口的理由)."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Literal

from guangyue.engines.fraud.catalogue import NAMES
from guangyue.engines.fraud.rules.grammar import feature_of, unit_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from guangyue.engines.fraud.rules.grammar import Rule

__all__ = ["feature_reason", "reason", "value_text"]

Language = Literal["zh", "en"]
_PLACE = re.compile(r"\{([^{}]*)\}")
_SPANS = ((86_400, "天", "days"), (3_600, "小时", "hours"), (60, "分钟", "minutes"), (1, "秒", "seconds"))
_AT: Mapping[str, int] = {name: i for i, name in enumerate(NAMES)}
_WAN = 10_000


def value_text(name: str, value: float, language: Language = "zh") -> str:
    """A value with its unit as it is spoken: ``3``, ``12分钟``, ``5.2万元``, ``70%``."""
    zh = language == "zh"
    if math.isnan(value):
        return "无" if zh else "none"
    unit = unit_of(name)
    if unit == "money":
        yuan = value / 100
        if zh:
            return f"{yuan / _WAN:.3g}万元" if yuan >= _WAN else f"{yuan:.0f}元"
        return f"¥{yuan:,.0f}"
    if unit == "seconds":
        size, zh_name, en_name = next((s for s in _SPANS if value >= s[0]), _SPANS[-1])
        whole = round(value / size)
        return f"{whole}{zh_name}" if zh else f"{whole} {en_name if whole != 1 else en_name[:-1]}"
    if unit == "permille":
        return f"{value / 10:.0f}%"
    return f"{value:.0f}" if unit == "count" else f"{value:.2g}"


def reason(rule: Rule, vector: NDArray[np.float64], language: Language = "zh") -> str:
    """The rule's sentence with the values of one event's vector."""
    text = rule.zh if language == "zh" else rule.en
    return _PLACE.sub(lambda m: value_text(m[1], float(vector[_AT[m[1]]]), language), text)


def feature_reason(name: str, value: float, language: Language = "zh") -> str:
    """A feature's own sentence and value, for what the model alone has seen."""
    feature = feature_of(name)
    if language == "zh":
        return f"{feature.zh}：{value_text(name, value)}"
    return f"{feature.en}: {value_text(name, value, 'en')}"
