"""What leaves a matter with an entry: notices to people, messages to systems, alarms to who must know.

Each becomes an outbox row whose key names the entry, so that it exists once however often the command is tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guangyue.kernel.canonical import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guangyue.kernel import Entry, Matter, Procedure

__all__ = ["DESK", "messages"]

DESK = "desk"
"""The channel of staff work lists."""

Message = tuple[str, str, dict[str, Any]]


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return ""


def messages(procedure: Procedure, matter: Matter, entry: Entry) -> Iterator[Message]:
    """Channel, key and payload of everything an entry sends."""
    if not (entry.notices or entry.sends or entry.kind in {"alarm", "lapse"}):
        return
    mark = f"{entry.matter}#{entry.seq}"
    shown = {**matter.fields, **entry.values}
    public = _Blank({k: v for k, v in shown.items() if k not in procedure.tables.personal})
    for notice in entry.notices:
        wording = {"zh": notice.wording.zh.format_map(public), "en": notice.wording.en.format_map(public)}
        said = {"matter": entry.matter, "notice": notice.code, "to": notice.to.name, "urgent": notice.urgent, **wording}
        yield notice.channel, f"{mark}:{notice.code}", said
    for send in entry.sends:
        fields = {name: plain(shown.get(name)) for name in send.fields}
        said = {"matter": entry.matter, "what": send.what, "procedure": entry.procedure, "fields": fields}
        yield send.channel, f"{mark}:{send.what}", said
    if entry.kind in {"alarm", "lapse"}:
        deadline = procedure.tables.deadlines.get(entry.act)
        code = entry.act.split(":")[1] if entry.act.startswith("task:") else ""
        tells = deadline.tells if deadline else (procedure.task(code).owner,) if code else ()
        for who in tells:
            said = {"matter": entry.matter, "clock": entry.act, "to": who.name, "late": entry.late}
            yield DESK, f"{mark}:{entry.act}:{who.name}", said
