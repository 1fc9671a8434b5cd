"""What leaves a matter: papers (文书), notices (通知), and messages to other systems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from guangyue.kernel.grammar.base import Element
from guangyue.kernel.grammar.conditions import Condition
from guangyue.kernel.grammar.who import Who
from guangyue.law import Text

FILLED = frozenset({"@number", "@moment", "@officer", "@agency", "@law", "@signature", "@seal", "@printed"})
"""Sources of a paper's fields beside the values: its own number, when and by whom and in whose name it is issued, the
articles it rests on, who signed it, the seal, and what its printed form says on every copy."""

EVIDENCE = "@evidence:"
"""The source of a field that a photo set fills: ``@evidence:posted``."""


@dataclass(frozen=True, slots=True)
class Paper(Element):
    """A document the act issues.

    Attributes:
        code: stable.
        title: its official title.
        needs: the values that must be there; a missing one refuses the issue.
        basis: the code of the law's own list of mandatory fields (``F-eviction``), when there is one.
        fills: for each field of that list the value that fills it, or one of :data:`FILLED`.
        cases: what the paper is about, for fields that only some carry: ``fine``, ``property``.
        statutory: a paper that has legal effect; a courtesy slip (提示单) has none and never starts a penalty clock.
        signed_by: who must sign it before it counts as issued (a notice signed by the court president).
        numbered: the number series, gap-free per unit and day; empty for an unnumbered paper.
        when: issued only when this holds.
    """

    code: str
    title: Text
    needs: tuple[str, ...] = ()
    basis: str = ""
    fills: Mapping[str, str] = field(default_factory=dict)
    cases: tuple[str, ...] = ()
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
