"""The one exception of this package: a stable code, its parameters, and a sentence a clerk understands."""

from __future__ import annotations

from guangyue.law.override import override
from guangyue.law.text import Text

__all__ = ["RoadsError"]

_SENTENCES: dict[str, Text] = {
    "roads.empty": Text(
        "“{source}”中没有可通行的道路。",
        "There is no drivable street in {source}.",
    ),
    "roads.disconnected": Text(
        "路网不连通：最大的连通部分只占道路总长的{share:.1f}%（共{parts}部分）；其余部分例如在{place}。",
        "The streets are not connected: the largest of {parts} parts has {share:.1f} %; another is near {place}.",
    ),
    "roads.broken_extract": Text(
        "文件“{path}”已损坏或不是支持的格式：{why}。",
        "The file {path} is broken or not of a supported kind: {why}.",
    ),
    "roads.not_found": Text("找不到文件“{path}”。", "The file {path} does not exist."),
    "roads.format": Text(
        "不支持“{path}”这种文件；可用：{known}。",
        "Files like {path} are not supported; known are: {known}.",
    ),
    "roads.column": Text(
        "“{source}”缺少列“{column}”；现有：{present}。",
        "{source} has no column {column!r}; it has: {present}.",
    ),
    "roads.nodes_missing": Text(
        "“{source}”是路段表，还需要路口表（列：id、lon、lat）；请用 --nodes 指出。",
        "{source} is an arc table and needs a node table (columns id, lon, lat) beside it; name it with --nodes.",
    ),
    "roads.version": Text(
        "路网文件“{path}”由版本{found}写成，本程序读版本{wanted}；请重新建立。",
        "The graph file {path} was written by version {found}; this program reads {wanted}. Build it again.",
    ),
    "roads.position": Text(
        "第{index}个位置（{lon}, {lat}）不是有效的经纬度。",
        "Position {index} ({lon}, {lat}) is not a longitude and latitude.",
    ),
    "roads.off_map": Text(
        "位置（{lon:.6f}, {lat:.6f}）距最近的道路{metres}，超过{limit:.0f}米的限度。",
        "The place {lon:.6f}, {lat:.6f} is {metres} from the nearest street; the limit is {limit:.0f} m.",
    ),
    "roads.node": Text(
        "没有编号为{node}的路口；编号从0到{last}。",
        "There is no node {node}; nodes run from 0 to {last}.",
    ),
    "roads.arc": Text(
        "没有编号为{arc}的路段；编号从0到{last}。",
        "There is no arc {arc}; arcs run from 0 to {last}.",
    ),
    "roads.arc_end": Text(
        "第{arc}条路段的端点{node}不存在；路口编号从0到{last}。",
        "Arc {arc} ends at node {node}, which does not exist; nodes run from 0 to {last}.",
    ),
    "roads.arc_node": Text(
        "第{arc}条路段的端点“{node}”不在路口表“{source}”中。",
        "Arc {arc} names the node {node!r}, which {source} does not hold.",
    ),
    "roads.length": Text(
        "第{arc}条路段（{street}，{place}）的长度{metres}不合理。",
        "Arc {arc} ({street}, near {place}) has the impossible length {metres} m.",
    ),
    "roads.speed": Text(
        "第{arc}条路段（{street}，{place}）的速度{kmh}不合理；封路请用 closed。",
        "Arc {arc} ({street}, near {place}) has the impossible speed {kmh} km/h; to close a street say closed.",
    ),
    "roads.time": Text(
        "第{arc}条路段（{street}，{place}）的通行时间{ms}毫秒不合理。",
        "Arc {arc} ({street}, near {place}) has the impossible travel time {ms} ms.",
    ),
    "roads.shape": Text(
        "“{what}”应有{wanted}个值，实有{found}个。",
        "{what} must have {wanted} values and has {found}.",
    ),
    "roads.profile": Text(
        "没有名为“{name}”的行驶方式；可用：{known}。",
        "There is no profile named {name!r}; known are: {known}.",
    ),
    "roads.factor": Text(
        "行驶方式“{name}”的{what}应为正数，实为{value}。",
        "The profile {name!r} has {what} = {value}; it must be a positive number.",
    ),
    "roads.hour": Text("{hour}不是0到23之间的整点。", "{hour} is not an hour between 0 and 23."),
    "roads.no_crews": Text("没有可派的警组。", "There is no crew to choose from."),
    "roads.no_route": Text(
        "从（{source}）到（{target}）无路可通。",
        "No way leads from {source} to {target}.",
    ),
    "roads.limit": Text("时限{value}不合理：应大于0。", "The limit {value} is impossible: it must be above 0."),
}


class RoadsError(ValueError):
    """A street graph or a question to it is wrong.

    Attributes:
        code: stable, for programs (``roads.off_map``).
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


def _rebuild(code: str, params: dict[str, object]) -> RoadsError:
    return RoadsError(code, **params)
