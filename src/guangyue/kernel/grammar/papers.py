"""What leaves a matter: papers (文书), notices (通知), and messages to other systems."""

from __future__ import annotations

from dataclasses import dataclass

from guangyue.kernel.grammar.base import Element
from guangyue.kernel.grammar.conditions import Condition
from guangyue.kernel.grammar.who import Who
from guangyue.law import Text


@dataclass(frozen=True, slots=True)
class Paper(Element):
    """A document the act issues.

    Attributes:
        code: stable.
        title: its official title.
        needs: the values that must be there; a missing one refuses the issue.
        basis: the code of the law's own list of mandatory fields (``law.md`` A10), when there is one.
        statutory: a paper that has legal effect; a courtesy slip (提示单) has none and never starts a penalty clock.
        signed_by: who must sign it before it counts as issued (a notice signed by the court president).
        numbered: the number series, gap-free per unit and day; empty for an unnumbered paper.
        when: issued only when this holds.
    """

    code: str
    title: Text
    needs: tuple[str, ...] = ()
    basis: str = ""
    statutory: bool = True
    signed_by: Who | None = None
    numbered: str = ""
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Notice(Element):
    """A message to a person.

    Attributes:
        code: stable.
        to: who is told.
        wording: the text, with ``{field}`` where a value of the matter stands; never a field the reader may not see.
        channel: ``sms``, ``push``, ``desk`` (a staff work list).
        urgent: goes out in quiet hours too.
    """

    code: str
    to: Who
    wording: Text
    channel: str = "sms"
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Send(Element):
    """A message to another system, exactly once in effect.

    Attributes:
        channel: the outbox channel, whose handler ``links`` registers.
        what: the kind of message.
        fields: the values that go along, and nothing else.
    """

    channel: str
    what: str
    fields: tuple[str, ...] = ()
