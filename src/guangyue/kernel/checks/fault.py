"""One fault of a declaration, and the error that carries them all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guangyue.law.override import override


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: a stable code, where, and what."""

    code: str
    at: str
    what: str

    @override
    def __str__(self) -> str:
        return f"{self.at or '(stored)'}: {self.code}: {self.what}"


class DeclarationError(ValueError):
    """A procedure that cannot be right; ``faults`` lists everything that is wrong with it."""

    def __init__(self, procedure: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"procedure {procedure}:\n" + "\n".join(f"  {f}" for f in self.faults))
