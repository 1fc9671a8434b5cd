"""The one exception of this package: a stable code, its parameters, and a sentence a clerk understands."""

from __future__ import annotations

from guangyue.law.override import override
from guangyue.law.text import Text

__all__ = ["LawError"]

_SENTENCES: dict[str, Text] = {
    "law.span.malformed": Text(
        "“{given}”不是期限；请写作“10 min”“24 h”“5 wd”“30 d”“6 mo”“2 y”。",
        "“{given}” is not a term; write it like “10 min”, “24 h”, “5 wd”, “30 d”, “6 mo” or “2 y”.",
    ),
    "law.time.naive": Text(
        "时间“{given}”没有时区；请给出带时区的时间。",
        "The time {given} has no time zone; give an aware time.",
    ),
    "law.calendar.before": Text(
        "工作日历从{first}起；{given}在此之前。",
        "The working-day calendar begins on {first}; {given} lies before it.",
    ),
    "law.calendar.beyond": Text(
        "期限超出可计算的日期（{given}）。",
        "The term reaches beyond the dates that can be computed ({given}).",
    ),
    "law.calendar.year": Text(
        "{year}年的放假安排有误：{why}。",
        "The holiday table of {year} is wrong: {why}.",
    ),
    "law.rule.unknown": Text("没有编号为“{code}”的规则。", "There is no rule with the code “{code}”."),
    "law.rule.parts": Text(
        "“{code}”包含多项规则，请指明其一：{parts}。",
        "“{code}” has several rules; name one of them: {parts}.",
    ),
    "law.rule.not_in_force": Text(
        "规则“{code}”在{on}尚未生效或已失效。",
        "The rule “{code}” was not in force on {on}.",
    ),
    "law.rule.malformed": Text("规则“{code}”写法有误：{why}。", "The rule “{code}” is badly written: {why}."),
    "law.extension.none": Text("“{code}”不得延长。", "“{code}” cannot be extended."),
    "law.extension.count": Text(
        "“{code}”最多延长{most}次。",
        "“{code}” may be extended {most} time(s) at most.",
    ),
    "law.extension.length": Text(
        "“{code}”每次最多延长{most}，不能延长{given}。",
        "One extension of “{code}” is {most} at most, not {given}.",
    ),
    "law.extension.cap": Text(
        "“{code}”延长后共{given}，超过上限{most}。",
        "With this extension “{code}” would come to {given}, above its limit of {most}.",
    ),
    "law.setting.unknown": Text(
        "“{code}”不是本市可自定的服务承诺。",
        "“{code}” is not a promise the city may set for itself.",
    ),
    "law.setting.unit": Text(
        "“{code}”的默认值是{default}，不能改为{given}：单位类别不同。",
        "“{code}” is {default} by default and cannot become {given}: the kind of unit differs.",
    ),
}


class LawError(LookupError):
    """A rule cannot be found, applied or written as asked.

    Attributes:
        code: stable, for programs (``law.rule.unknown``).
        params: the values in the sentence.
        text: the sentence in both languages.
    """

    def __init__(self, code: str, /, **params: object) -> None:
        self.code = code
        self.params = params
        self.text = _SENTENCES[code].format(**params)
        super().__init__(f"{code}: {self.text.en}")

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.code, self.params))


def _rebuild(code: str, params: dict[str, object]) -> LawError:
    return LawError(code, **params)
