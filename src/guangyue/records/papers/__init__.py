"""Papers as PDF (文书): drawn by Typst from data alone, as PDF/A-2b, with a code that anybody can check.

A desk brings a template and says what fills its fields; the law's list of what such a paper must carry is asked before
anything is drawn. What stands in a paper are facts as they were issued, so drawing it again gives the same paper.
"""

from __future__ import annotations

from guangyue.records.papers.draw import Drawing, draw, picture
from guangyue.records.papers.issued import Before, Issued, issued, own_paper, paper_for, pdf_for, pdf_of, verify_code
from guangyue.records.papers.templates import (
    IncompleteError,
    NoTemplateError,
    Template,
    checked,
    register_template,
    template_for,
)

__all__ = [
    "Before",
    "Drawing",
    "IncompleteError",
    "Issued",
    "NoTemplateError",
    "Template",
    "checked",
    "draw",
    "issued",
    "own_paper",
    "paper_for",
    "pdf_for",
    "pdf_of",
    "picture",
    "register_template",
    "template_for",
    "verify_code",
]
