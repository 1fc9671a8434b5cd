"""The one exception of the simulator: a stable code, its parameters, and a sentence a clerk understands."""

from __future__ import annotations

from guangyue.law.override import override
from guangyue.law.text import Text

__all__ = ["SimulateError"]

_SENTENCES: dict[str, Text] = {
    "simulate.empty": Text("“{what}”是空的，无法模拟。", "There are no {what}; nothing can be simulated."),
    "simulate.shape": Text(
        "“{what}”应有{wanted}个值，实有{found}个。", "{what} must have {wanted} values, not {found}."
    ),
    "simulate.value": Text(
        "“{what}”第{index}个值{value}不合理：{why}。", "{what}[{index}] = {value} is impossible: {why}."
    ),
    "simulate.unreachable": Text(
        "从站点{stop}到地点{place}（{where}）无路可通。",
        "No way leads from stop {stop} to place {place} ({where}).",
    ),
    "simulate.no_duty": Text("没有一个警组排班。", "No crew is ever on duty."),
    "simulate.skill": Text(
        "第{index}个警情需要的技能没有任何警组具备。", "Call {index} needs a skill that no crew has."
    ),
    "simulate.shapes": Text(
        "无法校准：{what}为{found:.1f}，目标{wanted:.1f}，参数已到边界。",
        "Calibration failed: {what} is {found:.1f} and should be {wanted:.1f}, with the parameter at its bound.",
    ),
}


class SimulateError(ValueError):
    """A scenario is wrong or cannot be calibrated.

    Attributes:
        code: stable, for programs (``simulate.unreachable``).
        params: the values in the sentence.
        text: the sentence in both languages.
    """

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        self.text = _SENTENCES[code].format(**params)
        super().__init__(f"{code}: {self.text.en}")

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.code, self.params))


def _rebuild(code: str, params: dict[str, object]) -> SimulateError:
    return SimulateError(code, **params)
