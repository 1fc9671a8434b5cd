"""One sentence in both languages of the interface."""

from __future__ import annotations

from dataclasses import dataclass

from guangyue.law.override import override

__all__ = ["Text"]


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or name in Chinese and in English; ``{name}`` places are filled by :meth:`format`."""

    zh: str
    en: str

    def format(self, **values: object) -> Text:
        """The sentence with its places filled; a value that is itself a Text is filled in the matching language."""
        zh = {name: value.zh if isinstance(value, Text) else value for name, value in values.items()}
        en = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
        return Text(self.zh.format(**zh), self.en.format(**en))

    def of(self, language: str) -> str:
        """The sentence in a language: any ``zh…`` gives Chinese, everything else English."""
        return self.zh if language.lower().startswith("zh") else self.en

    @override
    def __str__(self) -> str:
        return self.zh
