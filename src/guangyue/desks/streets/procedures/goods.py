"""Things kept in a matter (涉案物品): listed one by one, and each with an end of its own: given back, handed over, disposed of.

Penalty Law 56, 74; Provisions on Transferring Suspected Crimes 12. Only what is kept by registration must be dealt with in
seven days; what was handed in or found has no such term. The list is closed by the last of its things: nothing is forgotten in
a storeroom.
"""

from __future__ import annotations

from guangyue.desks.streets.procedures.offences import CODES
from guangyue.desks.streets.who import COMMANDER, HEADS, LEGAL, OFFICERS
from guangyue.kernel import Procedure
from guangyue.kernel.grammar import (
    KERNEL_ITSELF,
    REASON,
    Action,
    Ask,
    Checked,
    Child,
    Count,
    Deadline,
    Field,
    FieldIs,
    Kind,
    Outcome,
    PhotoSet,
    Relation,
    Split,
    State,
    T,
    Term,
    Then,
)

__all__ = ["GOODS", "THING"]

LISTED = PhotoSet("listed", T("物品照片", "Photographs of the things"), at_least=1, located=True)
HANDED = PhotoSet("handed", T("交接照片", "Photographs of the hand-over"), at_least=0, located=True)
SIGNED = Field(
    "signed",
    Kind.CHOICE,
    T("签收", "Signature"),
    choices=(("signed", T("已签名", "Signed")), ("refused", T("拒签，已注明", "Refused; noted"))),
)
LAW = T(
    "行政处罚法第56、74条；移送规定第12条",
    "Penalty Law art. 56, 74; Provisions on Transferring Suspected Crimes art. 12",
)

THING = Procedure(
    code="streets.thing",
    version=1,
    title=T("涉案物品", "Thing kept"),
    subject="thing",
    law=LAW,
    fields=(
        Field("name", Kind.TEXT, T("名称", "Name")),
        Field("quantity", Kind.INTEGER, T("数量", "Quantity")),
        Field("mark", Kind.TEXT, T("特征、成色", "Marks and condition")),
        Field("receipt", Kind.TEXT, T("接收单位和回执编号", "Who received it, and the receipt's number")),
    ),
    states=(
        State("kept", T("保管中", "Kept")),
        Outcome("returned", T("已发还", "Given back")),
        Outcome("handed", T("已移交", "Handed over")),
        Outcome("disposed", T("已依法处理", "Disposed of by law")),
    ),
    actions=(
        Action(
            "keep",
            T("登记一件", "List one"),
            (KERNEL_ITSELF,),
            opens="kept",
            form=(Ask("name"), Ask("quantity", at_least=1), Ask("mark", required=False)),
        ),
        Action(
            "give_back",
            T("发还", "Give back"),
            OFFICERS,
            moves={"kept": "returned"},
            form=(Ask(SIGNED),),
            evidence=(HANDED,),
        ),
        Action(
            "hand_over",
            T("移交", "Hand over"),
            OFFICERS,
            moves={"kept": "handed"},
            form=(Ask("receipt"),),
            evidence=(HANDED,),
            requires=(Checked("compared", T("已与清单逐件核对", "compared with the list")),),
            law=T("移送规定第12条", "Provisions on Transferring Suspected Crimes art. 12"),
        ),
        Action(
            "dispose",
            T("依法处理", "Dispose of by law"),
            HEADS,
            moves={"kept": "disposed"},
            form=(REASON,),
            law=T("行政处罚法第74条", "Penalty Law art. 74"),
        ),
    ),
    figures=(
        Count("kept", T("登记物品", "Things listed"), of="keep"),
        Count("returned", T("发还物品", "Things given back"), of="give_back"),
        Count("handed", T("移交物品", "Things handed over"), of="hand_over"),
    ),
    overseers=(COMMANDER, LEGAL),
)

COPY = T("清单一式二份，已交当事人一份", "one of two copies of the list was handed over")

GOODS = Procedure(
    code="streets.goods",
    version=2,
    title=T("物品清单", "List of things"),
    subject="things",
    law=LAW,
    fields=(
        Field(
            "ground",
            Kind.CHOICE,
            T("来由", "Why they are kept"),
            choices=(
                ("registered", T("先行登记保存", "Kept by registration")),
                ("handed_in", T("当事人交出", "Handed in by the party")),
                ("found", T("现场发现，物主不明", "Found; the owner is unknown")),
            ),
        ),
        Field("street", Kind.TEXT, T("取得地点", "Where they were taken")),
        Field("store", Kind.TEXT, T("保管场所", "Where they are kept")),
    ),
    states=(State("kept", T("保管中", "Kept")), Outcome("settled", T("已全部处理", "All dealt with"))),
    deadlines=(
        Deadline(
            "deal",
            T("处理期限", "To be dealt with"),
            Term("L-APL-REG"),
            during=("kept",),
            starts_on=("list",),
            mode="alarm",
            tells=(*OFFICERS, *HEADS),
        ),
    ),
    relations=(Relation("case", T("所属案件", "The matter it belongs to"), (*CODES, "streets.transfer")),),
    children=(Child("things", T("物品", "Things"), "streets.thing", opening="keep", then=(Then("all", "settle"),)),),
    actions=(
        Action(
            "list",
            T("先行登记保存，列清单", "Keep by registration, with a list"),
            OFFICERS,
            opens="kept",
            relates="case",
            officers=2,
            form=(Ask("ground", among=("registered",)), Ask("street"), Ask("store"), Ask(SIGNED)),
            evidence=(LISTED,),
            children=("things",),
            requires=(Checked("copy", COPY),),
            law=T("行政处罚法第56条", "Penalty Law art. 56"),
        ),
        Action(
            "take_in",
            T("收存物品", "Take things in"),
            OFFICERS,
            opens="kept",
            relates="case",
            officers=2,
            form=(
                Ask("ground", among=("handed_in", "found")),
                Ask("street"),
                Ask("store"),
                Ask(SIGNED, required=False),
            ),
            evidence=(LISTED,),
            children=("things",),
            requires=(Checked("copy", COPY, when=FieldIs("ground", ("handed_in",))),),
        ),
        Action("add", T("补登物品", "List more"), OFFICERS, repeat=True, during=("kept",), verb=Split("things")),
        Action("settle", T("全部处理完毕", "All dealt with"), (KERNEL_ITSELF,), moves={"kept": "settled"}),
    ),
    figures=(
        Count("lists", T("登记保存清单", "Lists of registered evidence"), of="list"),
        Count("taken_in", T("收存清单", "Lists of things taken in"), of="take_in"),
    ),
    overseers=(*HEADS, COMMANDER, LEGAL),
)
