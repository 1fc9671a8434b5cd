"""What an import did and what it could not read."""

from __future__ import annotations

from dataclasses import dataclass, field

from guangyue.law import Text

__all__ = ["Problem", "Report"]

_SENTENCES: dict[str, Text] = {
    "import.file": Text("文件读不出来：{why}。", "The file cannot be read: {why}."),
    "import.encoding": Text("文件既不是UTF-8也不是GB18030编码。", "The file is neither UTF-8 nor GB18030."),
    "import.columns": Text("缺少列：{missing}。", "Columns are missing: {missing}."),
    "import.empty": Text("“{field}”为空。", "“{field}” is empty."),
    "import.long": Text("“{field}”超过{most}个字符。", "“{field}” has more than {most} characters."),
    "import.twice": Text("编码“{code}”重复，第{first}行已有。", "The code “{code}” stands in row {first} already."),
    "import.number": Text("“{given}”不是坐标。", "“{given}” is not a coordinate."),
    "import.swapped": Text("经纬度像是写反了：{x}，{y}。", "Longitude and latitude look swapped: {x}, {y}."),
    "import.outside": Text(
        "坐标{x}，{y}不在城市范围内；请核对坐标系。",
        "The position {x}, {y} lies outside the city; check the reference system.",
    ),
    "import.shape": Text("边界不是有效的面：{why}。", "The boundary is not a valid polygon: {why}."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one row (0: the file itself)."""

    row: int
    code: str
    text: Text

    @classmethod
    def of(cls, row: int, code: str, /, **params: object) -> Problem:
        """A problem with its sentence filled in."""
        return cls(row, code, _SENTENCES[code].format(**params))

    def say(self, language: str) -> str:
        """The problem in a language, with its row."""
        where = Text(f"第{self.row}行：", f"Row {self.row}: ").of(language) if self.row else ""
        return where + self.text.of(language)


@dataclass(slots=True)
class Report:
    """How many rows were read, and all that is wrong with the others."""

    read: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems
