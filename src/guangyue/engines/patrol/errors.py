"""What the patrol engine refuses, each with a stable code, its parameters and a sentence a clerk understands."""

from __future__ import annotations

from typing import Any

from guangyue.law.override import override

__all__ = ["PatrolError"]

CHINESE = {
    "patrol.backtest.future": "检验窗口超出最后一起警情的日期，结果尚不可知。",
    "patrol.backtest.windows": "没有可检验的窗口：警情覆盖的时间太短。",
    "patrol.events.columns": "警情表缺少列：{columns}。每一起都须写明何时、何地、由谁报来。",
    "patrol.events.empty": "警情表是空的，没有可学习的内容。",
    "patrol.events.file": "无法读取{file}。",
    "patrol.events.hour": "时间只有日期没有时刻；划分时段需要时刻。",
    "patrol.events.mixed": "有的时间带时区偏移，有的不带：同一文件混用了两种含义。",
    "patrol.events.place": "部分警情没有有效位置（{rows}）。",
    "patrol.events.refused": "文件含有盘查、抓捕、处罚等由民警主动产生的记录（{rows}）；预测不得以此学习。",
    "patrol.events.source": "部分警情来源不明（{rows}）。",
    "patrol.events.time": "部分警情的时间无法识别（{rows}）。",
    "patrol.events.times": "警情时间或时区无法识别。",
    "patrol.events.twice": "文件已有来源列，不能再统一声明来源。",
    "patrol.events.zone": "没有名为“{zone}”的时区；例如 Asia/Shanghai。",
    "patrol.factors.values": "影响因素“{factor}”含有非数字。",
    "patrol.forecast.file": "{file}不是本程序生成的预测表。",
    "patrol.forecast.short": "预测日之前只有{days}天的警情，至少需要28天。",
    "patrol.gate.seen": "现行方案是用{day}之前的警情做的，此前的周不算留出周。",
    "patrol.gate.weeks": "两个方案评分的周不一致，无法比较。",
    "patrol.grid.empty": "没有警情，无法划分网格。",
    "patrol.grid.resolution": "分区级别{areas}不能包含网格级别{resolution}。",
    "patrol.headcount.few": "{crew_hours}个警组小时不够每个时段的最低数，需要{needed}。",
    "patrol.headcount.values": "警情量、时段长度或处置时长不合理。",
    "patrol.input.value": "{file}第{row}行“{column}”列的值“{value}”不合理。",
    "patrol.outposts.busy": "哨位忙碌比例须在0与1之间，不能是{busy}。",
    "patrol.outposts.demand": "每个地点都需要非负的预计警情数。",
    "patrol.outposts.fixed": "已定哨位不在备选地点之中。",
    "patrol.outposts.number": "{posts}个哨位无法设在{sites}个备选地点上。",
    "patrol.plan.crews": "没有可用的警组。",
    "patrol.plan.faulty": "求得的路线无法执行，请报告此问题。",
    "patrol.plan.file": "{file}不合要求：{why}。",
    "patrol.plan.must": "必到点“{name}”的时间不合理。",
    "patrol.plan.names": "有多个警组同名：{names}。",
    "patrol.plan.none": "没有一个网格靠近道路：预测与街道图不是同一座城市。",
    "patrol.plan.travel": "出行时间矩阵与网格数不符。",
    "patrol.routing.shape": "路线问题的数组形状不对：{arrays}。",
    "patrol.routing.values": "路线问题无法求解：{faults}。",
    "patrol.scheduled": "预定活动“{name}”不在网格内或数值为负。",
    "patrol.slots": "时段起点须在0至24之间依次递增，不能是{hours}。",
}
"""Code → the sentence in Chinese; the parameters stand in braces."""


class PatrolError(ValueError):
    """Input the engine cannot use, or a wish it cannot fulfil.

    Attributes:
        code: stable and machine-readable, such as ``patrol.events.source``.
        params: the figures and names the sentence carries.
        sentence: what is wrong, in English.
    """

    def __init__(self, code: str, sentence: str, **params: Any) -> None:  # noqa: ANN401 - figures, names, lists
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.params = params

    def of(self, language: str) -> str:
        """The sentence in ``zh`` or ``en``."""
        if language != "zh" or self.code not in CHINESE:
            return self.sentence
        shown = {k: "、".join(map(str, v)) if isinstance(v, list) else v for k, v in self.params.items()}
        return CHINESE[self.code].format(**shown)

    @override
    def __str__(self) -> str:
        return f"{self.sentence} [{self.code}]"
