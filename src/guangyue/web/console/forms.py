"""An act's form, derived from its declaration; read back as the kernel wants it, refused beside the field."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from guangyue.city import clock
from guangyue.kernel.grammar import Kind, PhotoSet, T
from guangyue.kernel.grammar.requirements import Checked, Present
from guangyue.law import CITY, Text
from guangyue.records.matters import Asked, matters_for
from guangyue.web.api.describing import with_colleagues
from guangyue.web.console import many
from guangyue.web.console.names import units
from guangyue.web.doing import MICRO, Shown
from guangyue.web.onshift import Beside, beside

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

    from guangyue.city.viewer import Viewer
    from guangyue.kernel import Matter, Procedure, Reason
    from guangyue.kernel.grammar import Action
    from guangyue.kernel.tables import Question

__all__ = ["ActForm", "Ask", "Tick", "answers", "build", "colleagues", "refused", "related", "shots", "things"]

INPUTS = {Kind.INTEGER: "number", Kind.DATE: "date", Kind.MOMENT: "datetime-local", Kind.PHONE: "tel"}
PAIR = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,， ]\s*(-?\d{1,2}(?:\.\d+)?)\s*")
Given = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Ask:
    """One question as the page shows it."""

    name: str
    id: str
    kind: str
    input: str
    mode: str
    title: Text
    required: bool
    value: object
    choices: tuple[tuple[str, Text], ...] = ()
    hint: Text | None = None
    source: Text | None = None
    wrong: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Shots:
    """A set of photographs to add."""

    code: str
    title: Text
    hint: Text
    panoramas: bool
    legible_plate: bool
    kept: tuple[str, ...] = ()
    panorama: bool = False
    legible: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """Something to tick."""

    code: str
    title: Text
    on: bool = False


@dataclass(frozen=True, slots=True)
class Tie:
    """Other matters an act is about, by their numbers."""

    title: Text
    value: str


@dataclass(frozen=True, slots=True)
class ActForm:
    """The form of one act."""

    code: str
    title: Text
    law: Text | None
    action: str
    back: str
    key: str
    draft: str
    inline: bool
    questions: tuple[Ask, ...]
    sets: tuple[Shots, ...]
    checks: tuple[Tick, ...]
    present: tuple[Tick, ...]
    follows: Text | None
    colleagues: str | None
    beside: tuple[Beside, ...]
    tie: Tie | None
    assigns: tuple[many.Assign, ...] = ()
    items: tuple[many.Items, ...] = ()
    picked: frozenset[str] = frozenset()
    refused: tuple[Reason, ...] = field(default=())


def build(
    viewer: Viewer, procedure: Procedure, action: Action, matter: Matter | None, *, address: str, back: str, given: QueryDict | None = None,
    kept: Mapping[str, tuple[str, ...]] | None = None,
) -> ActForm:  # fmt: skip
    """The form, with what is known filled in; ``given`` shows again what was sent."""
    form = procedure.tables.forms[action.code]
    ref = matter.id if matter else procedure.code
    sets = tuple(_set(p, given, (kept or {}).get(p.code, ())) for p in action.evidence)
    step = procedure.tables.steps[action.code].get(matter.state if matter else "")
    return ActForm(
        code=action.code, title=action.title, law=action.law, action=address, back=back,
        key=(given.get("key", "") if given else "") or uuid.uuid4().hex, draft=f"{ref}.{action.code}",
        inline=matter is not None,
        questions=tuple(_ask(name, q, matter, given, opening=bool(action.opens)) for name, q in form.items()), sets=sets,
        checks=_ticks((r for r in action.requires if isinstance(r, Checked)), given, "check"),
        present=_ticks((r for r in action.requires if isinstance(r, Present)), given, "present"),
        colleagues=(given.get("officers", "") if given else "") if with_colleagues(action) else None,
        beside=tuple(beside(viewer, action, clock.now())) if with_colleagues(action) else (),
        picked=frozenset(given.getlist("beside")) if given is not None else frozenset(),
        tie=_tie(procedure, action, given), assigns=many.assigns(procedure, action, given),
        items=many.items(procedure, action, given, INPUTS),
        follows=_follows(procedure, action, step.after if step is not None and step.after != step.before else ""),
    )  # fmt: skip


def refused(form: ActForm, reasons: Iterable[Reason]) -> ActForm:
    """The same form with its refusal: what belongs to a field beside it, the rest on top."""
    every = tuple(reasons)
    names = {q.name for q in form.questions}
    beside = tuple(
        replace(q, wrong=tuple(r for r in every if r.field == q.name)) if any(r.field == q.name for r in every) else q
        for q in form.questions
    )
    return replace(form, questions=beside, refused=tuple(r for r in every if r.field not in names) or every)


def answers(procedure: Procedure, action: Action, given: QueryDict) -> dict[str, object]:
    """What was filled in, as text or as the form's own kinds; an empty field is no answer."""
    found: dict[str, object] = {}
    for name, q in procedure.tables.forms[action.code].items():
        kind = q.field.kind
        if kind is Kind.FLAG:
            # What need not be answered and was not, is no “no”.
            if q.ask.required or given.get(name):
                found[name] = given.get(name) in {"on", "yes"}
        elif kind is Kind.CHOICES:
            if given.getlist(name):
                found[name] = given.getlist(name)
        elif text := given.get(name, "").strip():
            found[name] = _read(kind, text)
    return found


def things(procedure: Procedure, action: Action, given: QueryDict) -> dict[str, tuple[dict[str, object], ...]]:
    """The things that were listed."""
    return many.listed_items(procedure, action, given, _read)


def colleagues(given: QueryDict) -> tuple[str, ...]:
    """The numbers of those who act together: ticked among those on shift, or typed."""
    return tuple(dict.fromkeys((*(n[:40] for n in given.getlist("beside")[:20]), *_listed(given.get("officers", "")))))


def related(viewer: Viewer, action: Action, given: QueryDict) -> dict[str, tuple[str, ...]]:
    """The matters that were named, as their ids; a number that names none within reach is left as it was typed."""
    kind = action.relates or action.unrelates
    if not kind:
        return {}
    found: list[str] = []
    for text in _listed(given.get("related", "")):
        lines = matters_for(viewer, Asked(where="involved", text=text, most=2)).lines
        found.append(lines[0].id if len(lines) == 1 else text)
    return {kind: tuple(dict.fromkeys(found))} if found else {}


def shots(action: Action, request: HttpRequest, digests: Mapping[str, Iterable[str]]) -> list[Shown]:
    """The photographs that were sent, with what was ticked about each set; one of a set is the panorama, one the plate."""
    found: list[Shown] = []
    for profile in action.evidence:
        for n, sha256 in enumerate(digests.get(profile.code, ())):
            found.append(
                Shown(
                    set=profile.code, sha256=sha256, panorama=n == 0 and f"panorama-{profile.code}" in request.POST,
                    plate_legible=f"legible-{profile.code}" in request.POST,
                )
            )  # fmt: skip
    return found


def _listed(text: str) -> tuple[str, ...]:
    return tuple(n for n in re.split(r"[\s,，、;；]+", text[:400]) if n)[:20]


def _tie(procedure: Procedure, action: Action, given: QueryDict | None) -> Tie | None:
    kind = action.relates or action.unrelates
    return Tie(procedure.relation(kind).title, given.get("related", "") if given else "") if kind else None


def _read(kind: Kind, text: str) -> object:
    if kind is Kind.INTEGER:
        return int(text) if re.fullmatch(r"-?\d{1,15}", text) else text
    if kind is Kind.MONEY:
        found = re.fullmatch(r"(\d{1,12})(?:\.(\d{1,2}))?", text)
        return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0") or 0) if found else text
    if kind is Kind.PLACE:
        pair = PAIR.fullmatch(text)
        return (round(float(pair[1]) * MICRO), round(float(pair[2]) * MICRO)) if pair else text
    if kind is Kind.MOMENT and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", text):
        return f"{text}+08:00"
    return text


def _ask(name: str, q: Question, matter: Matter | None, given: QueryDict | None, *, opening: bool) -> Ask:
    undecided = _undecided(q, opening=opening)
    kind, known = q.field.kind, matter.fields.get(name) if matter and q.sets else None
    sent: Any = given and (given.getlist(name) if kind is Kind.CHOICES else given.get(name, ""))
    value: Any = sent if given is not None else _written(kind, known)
    choices = (
        tuple(q.field.choices)
        or (many.YES_NO if undecided else ())
        or (tuple(units().items()) if kind is Kind.UNIT else ())
    )
    if value == "" and kind is Kind.CHOICE and q.ask.required and len(choices) == 1:
        value = choices[0][0]  # one choice is no question
    source = (
        T("已登记，可更正", "on record; correct it if needed") if given is None and known not in (None, "") else None
    )
    if undecided:
        value = {True: "yes", False: "no", "on": "yes"}.get(value, value)
    return Ask(
        name=name, id=f"f-{name}", kind="choice" if undecided else kind.value, input=INPUTS.get(kind, "text"),
        mode={Kind.INTEGER: "numeric", Kind.MONEY: "decimal"}.get(kind, ""), title=_titled(kind, q.field.title),
        required=q.ask.required, value=value, choices=choices, hint=HINTS.get(kind), source=source,
    )  # fmt: skip


def _undecided(q: Question, *, opening: bool) -> bool:
    """Yes, no, or nothing said: of a matter's field that need not be answered, where a tick could only say yes."""
    return q.field.kind is Kind.FLAG and q.sets and not q.ask.required and not opening


HINTS: dict[Kind, Text] = {
    Kind.PLATE: T("如 鲁P12345、鲁PD12345", "such as 鲁P12345 or 鲁PD12345"),
    Kind.PLACE: T("经度, 纬度（WGS-84）", "longitude, latitude (WGS-84)"),
}


def _titled(kind: Kind, title: Text) -> Text:
    return T(f"{title.zh}（元）", f"{title.en} (yuan)") if kind is Kind.MONEY else title


def _written(kind: Kind, value: object) -> object:
    if value in (None, ""):
        return [] if kind is Kind.CHOICES else ""
    if kind is Kind.PLACE and isinstance(value, tuple | list):
        return f"{int(value[0]) / MICRO:.6f}, {int(value[1]) / MICRO:.6f}"
    if kind is Kind.MONEY and isinstance(value, int):
        return f"{value // 100}.{value % 100:02}"
    if kind is Kind.MOMENT and isinstance(value, datetime):
        return f"{value.astimezone(CITY):%Y-%m-%dT%H:%M}"
    if kind is Kind.DATE and isinstance(value, date):
        return value.isoformat()
    return list(value) if kind is Kind.CHOICES and isinstance(value, tuple | list) else value


def _set(profile: Any, given: QueryDict | None, kept: tuple[str, ...]) -> Shots:  # noqa: ANN401 - a photo set or a recording
    sent = given if given is not None else {}
    if not isinstance(profile, PhotoSet):
        return Shots(profile.code, profile.title, T("录音录像文件", "sound or video files"), False, False, kept)  # noqa: FBT003 - no ticks
    n, apart = profile.at_least, profile.apart
    zh, en = (f"至少 {n} 张", f"at least {n}") if n else ("选交", "optional")
    if profile.panoramas:
        zh, en = f"{zh}，含全景 {profile.panoramas} 张", f"{en}, {profile.panoramas} showing the surroundings"
    if profile.legible_plate:
        zh, en = f"{zh}，号牌清晰", f"{en}, plate legible"
    if profile.located:
        zh, en = f"{zh}，带位置", f"{en}, with position"
    if apart is not None:
        zh, en = f"{zh}；距首张至少 {apart.text.zh}", f"{en}; {apart.text.en} or more after the first"
    code = profile.code
    return Shots(
        code, profile.title, T(zh, en), bool(profile.panoramas), profile.legible_plate, kept,
        f"panorama-{code}" in sent, f"legible-{code}" in sent,
    )  # fmt: skip


def _ticks(items: Iterable[Checked | Present], given: QueryDict | None, name: str) -> tuple[Tick, ...]:
    on = set(given.getlist(name)) if given is not None else set()
    return tuple(Tick(r.code, r.title, r.code in on) for r in items)


def _follows(procedure: Procedure, action: Action, after: str) -> Text | None:
    """What happens by this act, before it is done: the next state, papers, messages, that nothing undoes it."""
    said: list[Text] = []
    if after:
        title = procedure.state(after).title
        said.append(T(f"事项转为“{title.zh}”", f"the matter becomes “{title.en}”"))
    always = {d.title.zh for d in action.documents if d.when is None}
    for title in dict.fromkeys(d.title for d in action.documents):
        # Two forms of one title leave no doubt that a paper comes of it; a single one with a condition may not.
        sure = title.zh in always or sum(d.title == title for d in action.documents) > 1
        said.append(
            T(f"出具《{title.zh}》", f"{title.en} is issued")
            if sure
            else T(f"需要时出具《{title.zh}》", f"{title.en} is issued where it is called for")
        )
    said += [T(f"通知{n.to.title.zh}", f"{n.to.title.en} is told") for n in action.notices]
    if action.sends:
        said.append(T("上传至外部平台", "it is sent to the outside platform"))
    if action.irreversible:
        said.append(T("此步不能撤回", "this cannot be taken back"))
    if not said:
        return None
    zh = "；".join(t.zh for t in said)
    en = "; ".join(t.en for t in said)
    return T(f"办理后：{zh}。", f"After this: {en}.")
