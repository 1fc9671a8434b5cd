"""What the patrol engine refuses, each with a stable code, its parameters and a sentence a clerk understands."""

from __future__ import annotations

from guangyue.law.override import override

__all__ = ["PatrolError"]


class PatrolError(ValueError):
    """Input the engine cannot use, or a wish it cannot fulfil.

    Attributes:
        code: stable and machine-readable, such as ``patrol.events.source``.
        params: the figures and names the sentence carries.
    """

    def __init__(self, code: str, sentence: str, **params: object) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.params = params

    @override
    def __str__(self) -> str:
        return f"{self.sentence} [{self.code}]"
