"""All programs of an installation together: who waits for whom, who is replaced, in which order all end. Pure.

A program starts when all it needs is ready; one that takes long to load may load itself before, and gets the word. All
end in the opposite order: the database is told last, when nobody who needs it runs any more. A reload starts each
replacement beside the one it replaces, and ends that one only when the replacement is ready; a replacement that does not
come up ends the reload, and what ran goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

from guangyue.serve.keeping import Action, Keeper, Phase, Program, Said

__all__ = ["MISCONFIGURED", "House"]

MISCONFIGURED = 78
"""The exit status of a step that no repetition helps (EX_CONFIG of sysexits.h)."""
HOLDS_BACK = 10.0
"""Seconds after its start for which a program is let first."""


class House:
    """The state of everything, and what is to be done about it.

    Args:
        programs: in any order; names are unique.
        dice: for jitter.

    Raises:
        ValueError: two of a name, a need that nobody answers, or needs in a circle.
    """

    def __init__(self, programs: Iterable[Program], dice: Random, now: float = 0.0) -> None:
        self._dice = dice
        self.keepers: dict[str, Keeper] = {}
        self.ending = False
        self.at_once = False
        self.refused: str | None = None
        self._generation = 1
        self._to_replace: list[str] = []
        self._replacing: tuple[str, str] | None = None
        for program in programs:
            self.add(program, now)
        self._check()

    def add(self, program: Program, now: float) -> None:
        """One more program."""
        if program.name in self.keepers:
            raise ValueError(f"two programs are called {program.name}")
        self.keepers[program.name] = Keeper(program, self._dice, now=now)

    def started(self, key: str, pid: int, now: float) -> list[Action]:
        """A process was started."""
        return self.keepers[key].started(pid, now)

    def beat(self, key: str, details: Mapping[str, Any], now: float) -> list[Action]:
        """A program lives."""
        return self.keepers[key].beat(details, now) if key in self.keepers else []

    def ended(self, key: str, code: int, now: float) -> list[Action]:
        """A process is gone."""
        keeper = self.keepers[key]
        said = keeper.ended(code, now)
        if keeper.program.step and code == MISCONFIGURED and not self.ending:
            self.refused = key
            said += self.end(now, f"{key} refused")
        return said

    def end(self, now: float, why: str = "") -> list[Action]:
        """Everything is to end in order."""
        self.ending = True
        self._to_replace, self._replacing = [], None
        return [Said("info", "house.ending", {"why": why}), *self.tick(now)]

    def kill(self, now: float, why: str = "") -> list[Action]:
        """Everything is to end at once."""
        self.ending = self.at_once = True
        said: list[Action] = [Said("warning", "house.ending_at_once", {"why": why})]
        for keeper in self.keepers.values():
            said += keeper.kill_for_good(now, why or "told to end at once")
        return said

    def reload(self, now: float) -> list[Action]:
        """Every program that reloads is replaced, one after another; asked again meanwhile, all are once more."""
        if self.ending:
            return []
        current = [k.key for k in self.keepers.values() if k.program.reloads and k.phase is not Phase.OVER]
        busy = self._replacing[1] if self._replacing else None
        self._to_replace = [key for key in current if key != busy]
        self._generation += 1
        return [Said("info", "house.reloading", {"programs": self._to_replace}), *self.tick(now)]

    def tick(self, now: float) -> list[Action]:
        """Everything that is due, until nothing more is."""
        done: list[Action] = []
        for keeper in list(self.keepers.values()):
            done += keeper.tick(now)
        done += self._end_some(now) if self.ending else self._replace(now)
        for keeper in self.keepers.values():
            if self.ending:
                break
            if keeper.phase is Phase.WAITING and self._may_start(keeper, now):
                done += keeper.start(now)
            if keeper.phase is Phase.STARTING and keeper.held and self._has_needs(keeper):
                done += keeper.go(now)
        return done

    def due(self) -> float | None:
        """When something is due at the earliest."""
        times = [t for k in self.keepers.values() if (t := k.due()) is not None]
        return min(times, default=None)

    @property
    def over(self) -> bool:
        """Whether all has ended."""
        return self.ending and not any(k.runs for k in self.keepers.values())

    @property
    def up(self) -> bool:
        """Whether everything that is to stay is ready."""
        return all(k.ready for k in self.keepers.values() if k.program.wanted)

    def _may_start(self, keeper: Keeper, now: float) -> bool:
        first = keeper.program.lets_first
        others = (k for k in self.keepers.values() if k.program.name in first and k.phase is Phase.STARTING)
        may = keeper.program.early or self._has_needs(keeper)
        return may and all(now - k.since >= HOLDS_BACK for k in others)

    def _has_needs(self, keeper: Keeper) -> bool:
        return all(self._is_ready(need) for need in keeper.program.needs)

    def _is_ready(self, name: str) -> bool:
        return any(k.ready for k in self.keepers.values() if k.program.name == name)

    def _end_some(self, now: float) -> list[Action]:
        done: list[Action] = []
        needed = self._relied_on({k.program.name for k in self.keepers.values() if k.runs})
        for keeper in self.keepers.values():
            if not keeper.runs:
                done += keeper.end(now)
            elif keeper.phase is not Phase.ENDING and keeper.program.name not in needed:
                done += keeper.end(now, "everything ends")
        return done

    def _relied_on(self, names: set[str]) -> set[str]:
        """Everything that these need, and what that needs: a step that is over stands on something too."""
        needs = {k.program.name: k.program.needs for k in self.keepers.values()}
        found: set[str] = set()
        todo = [need for name in names for need in needs[name]]
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo += needs.get(name, ())
        return found

    def _replace(self, now: float) -> list[Action]:
        done: list[Action] = []
        if self._replacing is not None:
            old, new = (self.keepers.get(key) for key in self._replacing)
            if new is not None and new.phase is Phase.READY:
                done += old.end(now, "replaced") if old is not None else []
                self._replacing = None
            elif new is not None and new.phase in {Phase.PAUSED, Phase.OVER}:
                done += new.end(now)
                del self.keepers[new.key]
                self._replacing, self._to_replace = None, []
                done.append(Said("error", "house.reload_given_up", {"program": new.key, "how": new.last_end}))
            else:
                return done
        for key in [k.key for k in self.keepers.values() if k.phase is Phase.OVER and k.program.reloads]:
            del self.keepers[key]
        while self._to_replace and self._to_replace[0] not in self.keepers:
            self._to_replace.pop(0)
        if self._to_replace:
            old_key = self._to_replace.pop(0)
            program = self.keepers[old_key].program
            new_key = f"{program.name}~{self._generation}"
            while new_key in self.keepers:
                self._generation += 1
                new_key = f"{program.name}~{self._generation}"
            self.keepers[new_key] = Keeper(program, self._dice, key=new_key, now=now)
            self._replacing = (old_key, new_key)
        return done

    def _check(self) -> None:
        known = {k.program.name: k.program.needs for k in self.keepers.values()}
        if missing := {n for needs in known.values() for n in needs} - set(known):
            raise ValueError(f"nobody is called {', '.join(sorted(missing))}")
        left = dict(known)
        while left:
            free = [name for name, needs in left.items() if not set(needs) & set(left)]
            if not free:
                raise ValueError(f"these need each other in a circle: {', '.join(sorted(left))}")
            for name in free:
                del left[name]
