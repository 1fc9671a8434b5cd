"""What a caller asks for, and what it gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from guangyue.kernel import Actor, Command
from guangyue.kernel.canonical import plain

if TYPE_CHECKING:
    from guangyue.kernel import Refusal
    from guangyue.records.database import Db

__all__ = ["Done", "IdempotencyError", "NoSuchMatterError", "Order", "Party"]

Check = Callable[["Db", datetime], "Refusal | None"]


class NoSuchMatterError(LookupError):
    """There is no matter of that id; whether the viewer may not see it looks the same from outside."""


class IdempotencyError(ValueError):
    """The key was used before for another request."""

    code = "idempotency.other_request"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody the matter is about: an account, or an identity found by its keyed hash when the person signs in."""

    role: str
    account: str = ""
    search: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One command on one matter.

    Attributes:
        procedure: the code, for an act that opens a matter.
        matter: the matter's id in the kernel, for all other acts.
        command: what is wanted; its ``received_at`` is replaced by the moment the records took it in.
        actor: who wants it.
        key: the caller's idempotency key: the same key never acts twice, and answers the same.
        subjects: rows to lock after the matters, for caps per party, plate or account.
        check: judged under those locks, with the city's time; a refusal ends the command.
        parties: who becomes a party of the matter by this act.
        waiting_devices: field devices on the matter that have not synced since its last change of state.
        colleagues: the officers whom the command names beside the actor, with what they hold now; others do not count.
        handed_in: evidence rows that become the matter's with this act, unless they are another's already.
    """

    command: Command
    actor: Actor
    procedure: str = ""
    matter: str = ""
    key: str = ""
    subjects: tuple[tuple[str, bytes], ...] = ()
    check: Check | None = None
    parties: tuple[Party, ...] = ()
    waiting_devices: tuple[str, ...] = ()
    colleagues: Mapping[str, Actor] = field(default_factory=dict)
    handed_in: tuple[str, ...] = ()

    def fingerprint(self) -> bytes:
        """Tells one request from another under the same key; the time of receipt does not count."""
        c = self.command
        said = [
            self.procedure, self.matter, c.act, c.observed_at, c.values, [_piece(p) for p in c.evidence], sorted(c.checks),
            sorted(c.present), c.officers, c.assign, c.items, c.related, c.task,
        ]  # fmt: skip
        return sha256(orjson.dumps(said, default=plain, option=orjson.OPT_SORT_KEYS)).digest()


def _piece(piece: Any) -> list[object]:  # noqa: ANN401 - a kernel Piece
    return [piece.set, piece.sha256]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A command that was carried out.

    Attributes:
        matter: the matter's id in the kernel. id: its row.
        state: the state it is in now. closed: whether that is an outcome.
        seq: its journal's last entry.
        entries: ``matter#seq`` of every entry written.
        numbers: the numbers that papers were given, by code.
        replayed: the answer of an earlier command with the same key.
    """

    matter: str
    id: int
    state: str
    closed: bool
    seq: int
    entries: tuple[str, ...]
    numbers: Mapping[str, str] = field(default_factory=dict)
    replayed: bool = False

    def as_json(self) -> dict[str, Any]:
        """What is kept for the key."""
        return {
            "matter": self.matter, "id": self.id, "state": self.state, "closed": self.closed, "seq": self.seq,
            "entries": list(self.entries), "numbers": dict(self.numbers),
        }  # fmt: skip

    @classmethod
    def of_json(cls, said: dict[str, Any]) -> Done:
        """The kept answer, marked as a replay."""
        return cls(**{**said, "entries": tuple(said["entries"])}, replayed=True)
