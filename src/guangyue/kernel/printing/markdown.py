"""The little Markdown that pages need, from wordings in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from guangyue.law import Text

NONE = Text("—", "—")
GENERATED = (
    "<!-- Generated from the declaration. Do not edit: change the procedure, then run "
    "`guangyue procedure docs --into docs`. -->"
)


def say(zh: str, en: str, **values: object) -> Text:
    """A wording with its places filled, each in its own language."""
    return Text(zh, en).format(**values)


def plain(text: str) -> Text:
    """The same in both languages: a code, a figure."""
    return Text(text, text)


def code(name: str) -> str:
    """A stable name as code."""
    return f"`{name}`"


def joined(parts: Iterable[Text], zh: str = "；", en: str = "; ") -> Text:
    """Several wordings in one cell; a dash when there are none."""
    found = tuple(parts)
    return Text(zh.join(p.zh for p in found), en.join(p.en for p in found)) if found else NONE


def lines(parts: Iterable[Text]) -> Text:
    """Several wordings in one cell, one below the other."""
    return joined(parts, "<br>", "<br>")


def quoted(texts: Iterable[Text]) -> Text:
    """Names in quotation marks, listed."""
    return joined((Text(f"“{t.zh}”", f"“{t.en}”") for t in texts), "、", ", ")


def named(title: Text, name: str) -> Text:
    """A title with its stable name behind it."""
    return Text(f"{title.zh} {code(name)}", f"{title.en} {code(name)}")


def table(head: Sequence[Text], rows: Iterable[Sequence[Text]], lang: str) -> list[str]:
    """A table with a blank line behind it; nothing when there are no rows."""
    body = [_row(row, lang) for row in rows]
    return [_row(head, lang), "|" + " --- |" * len(head), *body, ""] if body else []


def heading(level: int, text: Text, lang: str) -> list[str]:
    """A heading with a blank line behind it."""
    return ["#" * level + " " + text.of(lang), ""]


def bullets(items: Iterable[Text], lang: str) -> list[str]:
    """A list with a blank line behind it."""
    found = ["* " + item.of(lang).replace("\n", " ") for item in items]
    return [*found, ""] if found else []


def _row(cells: Sequence[Text], lang: str) -> str:
    return "| " + " | ".join(cell.of(lang).replace("|", "\\|").replace("\n", "<br>") for cell in cells) + " |"
