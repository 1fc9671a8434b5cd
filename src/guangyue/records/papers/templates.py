"""Templates that desks register, and the law's word on whether a paper is complete (文书模板)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guangyue.law import Text
from guangyue.law.papers import complete

if TYPE_CHECKING:
    from datetime import datetime

    from guangyue.records.papers.issued import Issued

__all__ = ["IncompleteError", "NoTemplateError", "Template", "checked", "register_template", "template_for"]


class NoTemplateError(LookupError):
    """This paper has no printed form."""


class IncompleteError(ValueError):
    """A paper lacks what the law says it must carry, or carries what it must not; it is not drawn.

    Attributes:
        code: stable. reasons: all of them, in words.
    """

    code = "paper.incomplete"

    def __init__(self, reasons: tuple[Text, ...]) -> None:
        self.reasons = reasons
        super().__init__("；".join(r.zh for r in reasons))


Fill = Callable[["Issued"], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Template:
    """A printed form.

    Attributes:
        file: the Typst file.
        law: the law's list of mandatory fields (``F-reminder``).
        fill: from an issued paper to its values: the law's field codes, and what else the form shows.
    """

    file: Path
    law: str
    fill: Fill


_known: dict[tuple[str, str], Template] = {}


def register_template(procedure: str, paper: str, template: Template) -> None:
    """Give a procedure's paper its printed form."""
    _known[procedure, paper] = template


def template_for(procedure: str, paper: str) -> Template:
    """The printed form of a paper.

    Raises:
        NoTemplateError: none is registered.
    """
    try:
        return _known[procedure, paper]
    except KeyError:
        raise NoTemplateError(f"{procedure}: {paper}") from None


def checked(template: Template, values: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    """The values, once the law of the day has nothing against them.

    Raises:
        IncompleteError: with everything that is missing or forbidden.
    """
    given = {name for name, value in values.items() if value not in (None, "", [], {})}
    verdict = complete(template.law, given, at)
    if not verdict:
        raise IncompleteError(tuple(reason.text for reason in verdict.reasons))
    return values
