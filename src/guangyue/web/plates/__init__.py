"""Reading a number plate from a photograph (号牌识别): a suggestion beside the officer's own eyes, never more.

The reader comes with the extra ``photos`` (``pip install 'guangyue[photos]'``); without it `ReaderMissingError` says so.
"""

from guangyue.web.plates.reading import (
    PhotoError,
    PlateSeen,
    ReaderBusyError,
    ReaderMissingError,
    installed,
    plates_in,
    read_plates,
)

__all__ = [
    "PhotoError",
    "PlateSeen",
    "ReaderBusyError",
    "ReaderMissingError",
    "installed",
    "plates_in",
    "read_plates",
]
