"""Faults of a declaration, found when it is declared: all of them, each with the line that caused it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.kernel.checks import actions, clocks, graph, names, papers, references, words
from guangyue.kernel.checks.fault import DeclarationError, Fault

if TYPE_CHECKING:
    from guangyue.kernel.procedure import Procedure

__all__ = ["DeclarationError", "Fault", "check"]


def check(procedure: Procedure) -> None:
    """Raises a :class:`DeclarationError` with all faults, or returns.

    Raises:
        DeclarationError: naming every fault and its line.
    """
    faults = [*names.faults(procedure), *words.faults(procedure)]
    if not any(f.code in names.CODES for f in faults):  # what follows looks things up by name
        faults += references.faults(procedure)
        if not any(f.code.startswith("unknown.") for f in faults):
            for kind in (actions, papers, clocks, graph):
                faults += kind.faults(procedure)
    if faults:
        raise DeclarationError(procedure.code, dict.fromkeys(faults))
