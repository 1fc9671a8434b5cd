"""Terms of criminal cases with the police (刑事案件)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.law.laws import ACCEPTANCE, CRIMINAL_PROCEDURE
from guangyue.law.rule import Kind
from guangyue.law.terms.table import term

if TYPE_CHECKING:
    from guangyue.law.rule import TermRule

__all__ = ["TERMS"]

_DETAINED = ("刑事拘留", "the suspect is detained")

# fmt: off
TERMS: tuple[TermRule, ...] = (
    term("L-CR-REV.1", "3 d", ("刑事立案审查", "whether to open a criminal case"),
         after=("受理刑事案件", "the report is accepted"), law=ACCEPTANCE, art=""),
    term("L-CR-REV.2", "7 d", ("核查线索后的立案审查", "the same, clues to be checked"),
         after=("受理刑事案件", "the report is accepted"), law=ACCEPTANCE, art=""),
    term("L-CR-REV.3", "30 d", ("重大疑难案件的立案审查", "the same, major case, county head approves"),
         after=("受理刑事案件", "the report is accepted"), law=ACCEPTANCE, art=""),

    term("L-CR-NOT.1", "3 d", ("不予立案通知书送达控告人", "refusal served on the complainant"),
         after=("决定不予立案", "the refusal is decided"), law=CRIMINAL_PROCEDURE, art="178"),
    term("L-CR-NOT.2", "7 d", ("控告人申请复议", "complainant asks for review"), kind=Kind.RIGHT,
         after=("收到不予立案通知书", "the refusal arrives"), law=CRIMINAL_PROCEDURE, art="179"),
    term("L-CR-NOT.3", "30 d", ("作出复议决定", "review decided"), more="30 d", cap="60 d",
         after=("收到复议申请", "the request arrives"), law=CRIMINAL_PROCEDURE, art="179"),
    term("L-CR-NOT.4", "7 d", ("控告人申请复核", "complainant asks for re-review"), kind=Kind.RIGHT,
         after=("收到复议决定书", "the review decision arrives"), law=CRIMINAL_PROCEDURE, art="179"),
    term("L-CR-NOT.5", "30 d", ("作出复核决定", "re-review decided"), more="30 d", cap="60 d",
         after=("收到复核申请", "the request arrives"), law=CRIMINAL_PROCEDURE, art="179"),

    term("L-CR-DET.1", "24 h", ("送看守所羁押", "brought to the detention house"), liberty=True,
         after=_DETAINED, law=CRIMINAL_PROCEDURE, art="126"),
    term("L-CR-DET.2", "24 h", ("通知家属", "family told"), liberty=True,
         after=_DETAINED, law=CRIMINAL_PROCEDURE, art="127"),
    term("L-CR-DET.3", "3 d", ("提请批准逮捕", "arrest requested"), liberty=True, more="4 d", cap="7 d",
         after=_DETAINED, law=CRIMINAL_PROCEDURE, art="129"),
    term("L-CR-DET.4", "30 d", ("流窜、多次、结伙作案的提请批准逮捕", "arrest requested: roaming, serial or gang"),
         liberty=True, after=_DETAINED, law=CRIMINAL_PROCEDURE, art="129"),
    term("L-CR-DET.5", "24 h", ("第一次讯问", "first interrogation"), liberty=True,
         after=_DETAINED, law=CRIMINAL_PROCEDURE, art="128"),
)
# fmt: on
