"""Terms of review, suit and petition (复议、诉讼、信访)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.law.laws import LITIGATION, PETITIONS, REVIEW, REVIEW_2017
from guangyue.law.rule import Kind
from guangyue.law.terms.table import term

if TYPE_CHECKING:
    from guangyue.law.rule import TermRule

__all__ = ["TERMS"]

# fmt: off
TERMS: tuple[TermRule, ...] = (
    term("L-REC.1", "60 d", ("申请行政复议", "review applied for"), kind=Kind.RIGHT,
         after=("知道行政行为", "the act becomes known"), law=REVIEW_2017, art="9"),
    term("L-REC.1", "60 d", ("申请行政复议", "review applied for"), kind=Kind.RIGHT,
         after=("知道行政行为", "the act becomes known"), law=REVIEW, art="20"),
    term("L-REC.2", "5 wd", ("审查复议申请是否受理，逾期视为受理", "application checked, else deemed accepted"),
         after=("收到复议申请", "the application arrives"), law=REVIEW, art="30"),
    term("L-REC.3", "60 d", ("普通程序复议决定", "review decided, ordinary procedure"), more="30 d", cap="90 d",
         after=("受理复议申请", "the application is accepted"), law=REVIEW, art="62"),
    term("L-REC.4", "30 d", ("简易程序复议决定", "review decided, simple procedure"),
         after=("受理复议申请", "the application is accepted"), law=REVIEW, art="62"),
    term("L-REC.5", "5 wd", ("被申请人答复，简易程序", "agency replies, simple procedure"),
         after=("收到申请书副本", "the copy arrives"), law=REVIEW, art="54"),
    term("L-REC.6", "3 wd", ("申请书副本发送被申请人，简易程序", "copy sent to the agency, simple procedure"),
         after=("受理复议申请", "the application is accepted"), law=REVIEW, art="54"),

    term("L-SUE.1", "6 mo", ("直接起诉", "direct suit"), kind=Kind.RIGHT,
         after=("知道行政行为", "the act becomes known"), law=LITIGATION, art="46"),
    term("L-SUE.2", "15 d", ("不服复议决定起诉", "suit after review"), kind=Kind.RIGHT,
         after=("收到复议决定书或者复议期满", "the review decision arrives or is overdue"), law=LITIGATION, art="45"),

    term("L-PETI.1", "15 d", ("书面告知受理情况", "petitioner told in writing"),
         after=("收到信访事项", "the petition arrives"), law=PETITIONS, art="22, 23"),
    term("L-PETI.2", "60 d", ("办结信访事项", "petition settled"), more="30 d", cap="90 d",
         after=("受理信访事项", "the petition is accepted"), law=PETITIONS, art="34"),
    term("L-PETI.3", "30 d", ("请求复查", "review requested"), kind=Kind.RIGHT,
         after=("收到书面答复", "the written answer arrives"), law=PETITIONS, art="35"),
    term("L-PETI.4", "30 d", ("提出复查意见", "review answered"),
         after=("收到复查请求", "the request arrives"), law=PETITIONS, art="35"),
    term("L-PETI.5", "30 d", ("请求复核", "re-review requested"), kind=Kind.RIGHT,
         after=("收到复查答复", "the review answer arrives"), law=PETITIONS, art="36"),
    term("L-PETI.6", "30 d", ("提出复核意见", "re-review answered"),
         after=("收到复核请求", "the request arrives"), law=PETITIONS, art="36"),
    term("L-PETI.7", "5 wd", ("对转送提出异议", "agency objects to a referral"), kind=Kind.RIGHT,
         after=("收到转送的信访事项", "the referral arrives"), law=PETITIONS, art="23"),
)
# fmt: on
