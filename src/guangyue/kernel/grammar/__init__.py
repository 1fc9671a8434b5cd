"""The words in which a procedure is declared (规程语法). Import what you need from here.

Read a declaration aloud: *Illegal parking. States: photographed, owner reminded, … Deadline "grace", while reminded,
ten minutes from the accepted reminder, lapses to overdue. Action "gone", by field staff, from reminded to left.*
"""

from __future__ import annotations

from guangyue.kernel.grammar.actions import Action, Outcome, State
from guangyue.kernel.grammar.base import Element, T
from guangyue.kernel.grammar.conditions import (
    AllOf,
    AnyOf,
    Condition,
    DoneByActor,
    FieldAtLeast,
    FieldIs,
    FieldNotAbove,
    FieldSet,
    Happened,
    Not,
    TermOver,
)
from guangyue.kernel.grammar.deadlines import Daily, Deadline, FromField, Schedule, Term
from guangyue.kernel.grammar.evidence import PhotoSet, Recording
from guangyue.kernel.grammar.figures import Count
from guangyue.kernel.grammar.lawful import Competent, Priors, WithinBand
from guangyue.kernel.grammar.papers import Notice, Paper, Send
from guangyue.kernel.grammar.requirements import (
    Checked,
    ChildrenClosed,
    Done,
    Expired,
    Holds,
    Issued,
    Present,
    Related,
    Requirement,
    Running,
    TaskDone,
)
from guangyue.kernel.grammar.values import REASON, Ask, Field, Kind
from guangyue.kernel.grammar.verbs import Annul, Extend, Merge, Reopen, Resume, Split, Suspend, Transfer, Verb, Withdraw
from guangyue.kernel.grammar.versions import Succeeds
from guangyue.kernel.grammar.who import ALL, CLOCK, KERNEL_ITSELF, Party, Role, System, Who
from guangyue.kernel.grammar.work import Child, FanOut, Relation, Task, Then

__all__ = [
    "ALL",
    "CLOCK",
    "KERNEL_ITSELF",
    "REASON",
    "Action",
    "AllOf",
    "Annul",
    "AnyOf",
    "Ask",
    "Checked",
    "Child",
    "ChildrenClosed",
    "Competent",
    "Condition",
    "Count",
    "Daily",
    "Deadline",
    "Done",
    "DoneByActor",
    "Element",
    "Expired",
    "Extend",
    "FanOut",
    "Field",
    "FieldAtLeast",
    "FieldIs",
    "FieldNotAbove",
    "FieldSet",
    "FromField",
    "Happened",
    "Holds",
    "Issued",
    "Kind",
    "Merge",
    "Not",
    "Notice",
    "Outcome",
    "Paper",
    "Party",
    "PhotoSet",
    "Present",
    "Priors",
    "Recording",
    "Related",
    "Relation",
    "Reopen",
    "Requirement",
    "Resume",
    "Role",
    "Running",
    "Schedule",
    "Send",
    "Split",
    "State",
    "Succeeds",
    "Suspend",
    "System",
    "T",
    "Task",
    "TaskDone",
    "Term",
    "TermOver",
    "Then",
    "Transfer",
    "Verb",
    "Who",
    "Withdraw",
    "WithinBand",
]
