"""The kernel: what a procedure is, and what may happen next. Pure; it runs at memory speed.

The rules
---------
1. Everything that decides about a matter lives here: no page, no table, no runner knows a rule of its own.
2. This package knows nothing of databases, clocks, networks or screens. It imports the standard library and
   ``guangyue.law``; the time, the actor, the law and the related matters come in as ``facts``.
3. A procedure is data. It is checked when it is declared, turned into total tables once, and never searched again.
4. One question, one answer: ``decide`` gives a ``Decision`` made of journal entries, or a ``Refusal`` with *all* reasons.
5. A matter is the fold of its entries. What is not in an entry has not happened.

Theory of operation
-------------------
A **matter** (事项) is in one **state**. An **action** leads to another state, or repeats in the same one; the table says
for every action and every state which, or nothing. States that are **outcomes** are ends; an action that leaves one says
so. Entering and leaving states starts and stops **deadlines**; some acts start or fulfil one by themselves. A deadline
that runs out changes the matter (``lapse``), tells somebody (``alarm``), or is only shown (``reference``).

A command carries **two times**. ``received_at`` is ours; ``observed_at`` is when it happened in the street, believed
within bounds: not before the sign-in, not after the receipt, and together with its photographs. Before a command is
judged, deadlines that ran out before ``observed_at`` are fired, in order of time: so it makes no difference whether the
runner or the officer came first. When the observation lies *inside* a term that has lapsed meanwhile, and nobody but the
clock has acted since, the lapse is undone by an entry of kind ``reinstated`` and the act counts as in time. Acts that
nothing can undo wait until the field devices on the matter have synced, or thirty minutes.

An act may hand **tasks** to units chosen at that moment (one, all, or a relay of them), open **sub-matters** in a slot,
**relate** matters that keep their own life, and **fan out** an act to them. What follows from an act runs in the same
decision to its end: the matter's own follow-ons, its parent's, then those of related matters, in the order in which they
were called for. If one of them is refused, nothing happens at all, and the refusal says on which matter it arose.

The way in
----------
``decide(procedure, matter, command, facts)``, ``lapse(procedure, matter, key, occurrence, facts)``, ``evolve`` and
``replay``; the grammar is in ``guangyue.kernel.grammar``.
"""

from __future__ import annotations

from guangyue.kernel.canonical import canonical, digest_of, read_procedure
from guangyue.kernel.checks import DeclarationError, Fault
from guangyue.kernel.command import Actor, Command, Facts, Piece
from guangyue.kernel.decide import decide, lapse
from guangyue.kernel.decision import Decision, Entry, Refusal, Stop
from guangyue.kernel.evolve import blank, evolve, replay
from guangyue.kernel.journaling import entry_data, read_entry
from guangyue.kernel.matter import Armed, ChildRef, Hop, Matter, Passage, TaskState
from guangyue.kernel.offers import Offer, offers
from guangyue.kernel.procedure import Procedure
from guangyue.kernel.reasons import Reason
from guangyue.kernel.storing import armed_data, matter_data, read_armed, read_matter, read_values

__all__ = [
    "Actor",
    "Armed",
    "ChildRef",
    "Command",
    "Decision",
    "DeclarationError",
    "Entry",
    "Facts",
    "Fault",
    "Hop",
    "Matter",
    "Offer",
    "Passage",
    "Piece",
    "Procedure",
    "Reason",
    "Refusal",
    "Stop",
    "TaskState",
    "armed_data",
    "blank",
    "canonical",
    "decide",
    "digest_of",
    "entry_data",
    "evolve",
    "lapse",
    "matter_data",
    "offers",
    "read_armed",
    "read_entry",
    "read_matter",
    "read_procedure",
    "read_values",
    "replay",
]
