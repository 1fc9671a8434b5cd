"""A procedure prints itself (规程自述): a page in Chinese or English, derived from the declaration and the law book.

A page is a pure function of a declaration and a law book: no clock, no today. Where a term has several versions, the
page shows each with its days. What no words are known for raises ``TypeError``: a new kind of requirement or condition
cannot be left out of the pages unseen.
"""

from __future__ import annotations

from guangyue.kernel.printing.index import index
from guangyue.kernel.printing.page import page

__all__ = ["index", "page"]
