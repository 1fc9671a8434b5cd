"""Why something was refused: a stable code, its parameters, and a sentence in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from guangyue.kernel.wording import WORDINGS, worded
from guangyue.law import Text
from guangyue.law.swift import swift


@swift(frozen=True)
class Reason:
    """One reason of a refusal.

    Attributes:
        code: stable, dotted; programs rely on it.
        params: what the sentence names: plain data, a moment (shown as the city's time), or a :class:`Text` shown in
            the reader's language.
        field: the answer of the form it belongs to, when it belongs to one.
        matter: the other matter it comes from, when a follow-on act was refused there.
    """

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    field: str = ""
    matter: str = ""

    @property
    def text(self) -> Text:
        """The sentence, and what would make it possible, in both languages."""
        return WORDINGS[self.code].format(**{k: worded(v) for k, v in self.params.items()})
