"""What a street procedure counts; nothing here ranks anybody (处罚法 74)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.desks.streets.course.money import DECIDERS
from guangyue.kernel.grammar import Count, FieldIs, T

if TYPE_CHECKING:
    from guangyue.law.competence.catalogue import Kind

__all__ = ["counts"]


def counts(kind: Kind) -> tuple[Count, ...]:
    """Found, reminded, warned, fined; each offence of its own where the kind has several."""
    fines = tuple(code for code in DECIDERS(kind))
    found = (
        Count("found", T("发现", "Found"), of="record"),
        Count("explained", T("教育引导", "Explained"), of="explain"),
        Count("oral_warnings", T("口头警告", "Oral warnings"), of="warn_orally"),
        Count("warnings", T("警告通知", "Warning notices"), of="warn"),
        Count("orders", T("责令改正", "Orders to correct"), of="order"),
        Count("corrected", T("改正不罚", "Corrected, no penalty"), of="enters:corrected"),
    )
    fined = (
        *(Count(f"fines_{code}", _TITLES[code], of=code) for code in fines),
        *(Count(f"fen_{code}", _SUMS[code], of=code, sums="fine") for code in fines),
    )
    after = (
        Count("filed", T("立案", "Filed"), of="file"),
        Count("late_decisions", T("超过九十日", "Beyond ninety days"), of="lapse:decide"),
        Count("handed_over", T("移交", "Handed over"), of="enters:handed_over"),
        Count("objections", T("异议", "Objections"), of="object"),
        Count("upheld", T("异议成立", "Objections upheld"), of="uphold"),
    )
    each = (
        Count(
            f"found_{count.code.replace('.', '_')}",
            T(f"发现：{count.title.zh}", f"Found: {count.title.en}"),
            of="record",
            when=FieldIs("offence", (count.code,)),
        )
        for count in kind.counts
        if len(kind.counts) > 1
    )
    return (*found, *fined, *after, *each)


_TITLES = {
    "fine_on_spot": T("当场罚款起数", "Fines on the spot"),
    "fine_simple": T("简易程序罚款起数", "Fines, simple procedure"),
    "decide_fine": T("一般程序罚款起数", "Fines, general procedure"),
}
_SUMS = {
    "fine_on_spot": T("当场罚款金额（分）", "Fines on the spot, fen"),
    "fine_simple": T("简易程序罚款金额（分）", "Fines, simple procedure, fen"),
    "decide_fine": T("一般程序罚款金额（分）", "Fines, general procedure, fen"),
}
