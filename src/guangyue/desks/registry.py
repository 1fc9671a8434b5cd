"""What the desks have declared: every procedure in ``guangyue.desks.<desk>.procedures``, found by looking.

A desk needs no line here: a file in its folder ``procedures`` is enough. What one declaration cannot know by itself is
checked between them: codes are unique, and the procedures and acts that others name exist.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType

import guangyue.desks
from guangyue.kernel import DeclarationError, Fault, Procedure

__all__ = ["between", "declared", "find", "modules", "procedures"]


def modules() -> Iterator[str]:
    """The names of all modules in which desks declare procedures."""
    for desk in pkgutil.iter_modules(guangyue.desks.__path__):
        folder = f"guangyue.desks.{desk.name}.procedures"
        spec = importlib.util.find_spec(folder) if desk.ispkg else None
        if spec is not None:
            yield folder
            places = spec.submodule_search_locations or ()
            yield from (f"{folder}.{m.name}" for m in pkgutil.iter_modules(list(places)))


def declared(module: ModuleType) -> Iterator[Procedure]:
    """The procedures that a module holds under a name, imported ones included."""
    for value in vars(module).values():
        if isinstance(value, Procedure):
            yield value


def procedures() -> dict[str, Procedure]:
    """Every desk's procedures by code, sorted; the newest version of each.

    Raises:
        DeclarationError: a declaration is faulty, or two procedures share code and version.
    """
    return find(importlib.import_module(name) for name in modules())


def find(sources: Iterable[ModuleType]) -> dict[str, Procedure]:
    """The procedures of these modules by code, sorted; the newest version of each.

    Raises:
        DeclarationError: two different procedures share code and version.
    """
    known: dict[tuple[str, int], Procedure] = {}
    faults: list[Fault] = []
    for p in (p for module in sources for p in declared(module)):
        first = known.setdefault((p.code, p.version), p)
        if first is not p:
            what = f"“{p.code}” version {p.version} is declared at {first.declared_at} already"
            faults.append(Fault("procedure.twice", p.declared_at, what))
    if faults:
        raise DeclarationError(faults[0].what, faults)
    return {code: p for (code, _), p in sorted(known.items(), key=lambda item: item[0])}


def between(found: Mapping[str, Procedure]) -> Iterator[Fault]:
    """What procedures say about each other and is not so."""
    for p in found.values():
        for child in p.children:
            yield from _named(child.declared_at, found, child.procedure, child.opening, opens=True)
        for relation in p.relations:
            for code in relation.to:
                yield from _named(relation.declared_at, found, code)
        for action in p.actions:
            for fan in action.fans_out:
                for code in p.relation(fan.relation).to:
                    yield from _named(fan.declared_at, found, code, fan.act)


def _named(
    at: str, found: Mapping[str, Procedure], code: str, act: str = "", *, opens: bool = False
) -> Iterator[Fault]:
    if code not in found:
        yield Fault("unknown.procedure", at, f"no desk declares the procedure “{code}”")
    elif act and act not in found[code].tables.actions:
        yield Fault("unknown.act", at, f"“{code}” has no act “{act}”")
    elif opens and not found[code].action(act).opens:
        yield Fault("act.not_opening", at, f"“{act}” of “{code}” opens no matter")
