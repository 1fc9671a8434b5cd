"""The last look at a line of the log before it is written: what could name a person goes (日志脱敏).

Nothing of the product logs values of people on purpose; libraries and databases quote them in their errors. A detail line
of PostgreSQL (``Key (phone)=(…) already exists``) is cut off as a whole, and numbers that have the form of an identity
number, a mobile number, a plate or an e-mail address are hidden wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

__all__ = ["HIDDEN", "clean", "scrub"]

HIDDEN = "***"
_QUOTED = re.compile(r"(?m)^\s*(?:DETAIL|CONTEXT|QUERY|LINE \d+|HINT|STATEMENT):?.*$")
_PEOPLE = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])"  # identity number
    r"|(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d{9}(?![0-9A-Za-z])"  # mobile number
    r"|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-NP-Z][·\s]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
)


def clean(text: str) -> str:
    """A text without what could name a person."""
    return _PEOPLE.sub(HIDDEN, _QUOTED.sub("", text))


def scrub(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The same for every value of a line, as structlog asks it; other kinds of values than texts are written out first."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = clean(value)
        elif isinstance(value, list | tuple | dict | set):
            event[name] = clean(str(value))
    return event
