"""Where a rule stands: the law, its article, and how we came to know it (出处)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guangyue.law.text import Text

__all__ = ["Mark", "Source"]

Mark = Literal["V", "S", "G"]
"""V read in the full text of the law; S from a third party's page or excerpt; G general knowledge, unread."""


@dataclass(frozen=True, slots=True)
class Source:
    """The provision a rule rests on.

    Attributes:
        law: the title of the law, regulation or notice.
        article: articles as the law numbers them (``"5, 22(2)"``); empty for the city's own promises.
        mark: how the rule came to be known, see :data:`Mark`.
        local: a rule of the city or the province; the city's legal office confirms each before use.
    """

    law: Text
    article: str
    mark: Mark
    local: bool = False

    @property
    def is_settled(self) -> bool:
        """True when the rule was read in full text and is national law; only then may it count as verified."""
        return self.mark == "V" and not self.local

    @property
    def text(self) -> Text:
        """The citation: 《行政处罚法》第60条, Administrative Penalty Law art. 60."""
        if not self.article:
            return self.law
        return Text(f"《{self.law.zh}》第{self.article.replace(', ', '、')}条", f"{self.law.en} art. {self.article}")
