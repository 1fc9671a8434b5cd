"""Ninety applications, ninety results, one batch that ends by itself."""

from __future__ import annotations

import pytest
from tests.kernel.skeletons.batch import BATCH, PERMIT
from tests.kernel.stage import Stage, citizen, moment, officer, zh

CLERK = officer("clerk", "clerk", agency="police", unit="window")
OTHER = officer("other", "clerk", agency="police", unit="window")
HEAD = officer("head", "agency_head", agency="police", unit="window")
APPLICANT = citizen("p-7", "applicant")


@pytest.fixture
def stage() -> Stage:
    return Stage(PERMIT, BATCH, at="2026-03-02 09:00")


def handed_in(stage: Stage, count: int = 90) -> tuple[str, list[str]]:
    items = tuple({"name": f"p-{n}", "papers": ("id", "work")} for n in range(count))
    batch = stage.open(CLERK, "hand_in", "counter.batch", values={"organisation": "某服装厂"}, items={"permits": items})
    return batch.id, [c.id for c in batch.children]


def test_ninety_with_individual_results(stage):
    batch, permits = handed_in(stage)
    assert len(permits) == 90
    for n, permit in enumerate(permits):
        assert stage.state(batch) == "open"
        if n % 10 == 7:
            stage.do(CLERK, "refuse", permit, values={"reason": "居住不满半年"})
        else:
            stage.do(CLERK, "grant", permit)
    assert stage.state(batch) == "complete"
    assert {c.state for c in stage.matters[batch].children} == {"granted", "refused"}
    assert stage.figures("counter.permit") == {"granted": 81, "refused": 9}
    assert stage.figures("counter.batch") == {"batches": 1}


def test_each_has_its_own_clock_and_review(stage):
    batch, permits = handed_in(stage, 2)
    assert stage.matters[permits[0]].deadlines["decide"].due_at == moment("2026-03-18 00:00")
    stage.do(CLERK, "grant", permits[0])
    stage.do(CLERK, "refuse", permits[1], values={"reason": "材料不实"})
    stage.at("2026-04-20 09:00").do(APPLICANT, "ask_review", permits[1], values={"reason": "已补充租房合同"})
    assert stage.state(batch) == "complete", "the batch stays closed, and knows that one of its own is open again"
    assert [c.closed for c in stage.matters[batch].children] == [True, False]
    assert stage.do(OTHER, "grant", permits[1]).state == "granted"
    assert [c.state for c in stage.matters[batch].children] == ["granted", "granted"]


def test_a_review_asked_too_late_is_refused_with_the_day(stage):
    _, permits = handed_in(stage, 2)
    stage.do(CLERK, "refuse", permits[1], values={"reason": "材料不实"})
    stage.at("2026-05-07 09:00")
    assert zh(stage.refused(APPLICANT, "ask_review", permits[1], values={"reason": "补充材料"})) == [
        "“申请复核”期限已过（2026年5月6日24:00）。"
    ]


def test_a_bad_item_refuses_the_whole_and_says_which(stage):
    items = ({"name": "p-1", "papers": ("id",)}, {"name": "p-2", "papers": ("passport",)})
    refusal = stage.refused(
        CLERK, "hand_in", code="counter.batch", new_id="b1", values={"organisation": "某厂"}, items={"permits": items}
    )
    assert [(r.matter, r.field, r.text.zh) for r in refusal.reasons] == [
        ("b1.permits.2", "papers", "“材料”没有“passport”这个选项。")
    ]
    assert stage.matters == {}
    none = stage.refused(CLERK, "hand_in", code="counter.batch", values={"organisation": "某厂"})
    assert zh(none) == ["“居住证”至少要有一件。"]


def test_a_batch_is_not_handed_back_while_items_are_open(stage):
    batch, permits = handed_in(stage, 3)
    stage.do(CLERK, "grant", permits[0])
    why = {"values": {"reason": "单位撤回"}}
    assert zh(stage.refused(HEAD, "hand_back", batch, **why)) == ["“居住证”还有 2 件未办结。"]
    assert stage.refused(CLERK, "hand_back", batch, **why).codes == {"who.not_allowed", "requires.children"}


def test_one_more_joins_the_batch(stage):
    batch, permits = handed_in(stage, 1)
    extra = {"permits": ({"name": "p-91", "papers": ("id",)},)}
    assert zh(stage.refused(CLERK, "add", batch, items=extra)) == ["请填写“理由”。"]
    stage.do(CLERK, "add", batch, items=extra, values={"reason": "漏报一人"})
    stage.do(CLERK, "grant", permits[0])
    assert stage.state(batch) == "open"
    stage.do(CLERK, "grant", f"{batch}.permits.2")
    assert stage.state(batch) == "complete"
