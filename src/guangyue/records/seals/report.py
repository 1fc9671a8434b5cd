"""What a verification says."""

from __future__ import annotations

from dataclasses import dataclass, field

from typing_extensions import override

__all__ = ["Finding", "Report"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was sealed or linked.

    Attributes:
        chain: ``matter 17``, ``access 2026-11-22``, ``seal 4``, or ``log``.
        seq: the entry, or 0 for the chain as a whole.
        code: stable. expected, found: what the check computed and what stands there.
    """

    chain: str
    seq: int
    code: str
    expected: str = ""
    found: str = ""

    @override
    def __str__(self) -> str:
        where = f"{self.chain}#{self.seq}" if self.seq else self.chain
        what = f": expected {self.expected}, found {self.found}" if self.expected or self.found else ""
        return f"{where} {self.code}{what}"


@dataclass(slots=True)
class Report:
    """What was checked, and all that was found.

    Attributes:
        entries: journal and access entries. chains: matters and days. seals: checkpoints.
        unsealed: entries behind the last seal of their chain: the open window that only triggers guard.
        findings: empty when all is well.
    """

    entries: int = 0
    chains: int = 0
    seals: int = 0
    unsealed: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings
