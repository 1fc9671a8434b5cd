"""What the city package refuses: a stable code, its parameters, a sentence a clerk understands."""

from __future__ import annotations

from typing_extensions import override

from guangyue.city.sentences import SENTENCES

__all__ = ["CityError", "NotVisibleError"]


class CityError(ValueError):
    """Something given to the city package is not right, or may not be done.

    Attributes:
        code: stable, for programs (``identifier.id.check``).
        params: the values in the sentence; never a personal datum.
        text: the sentence in both languages.
    """

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        self.text = SENTENCES[code].format(**params)
        super().__init__(f"{code}: {self.text.en}")

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.code, self.params))


class NotVisibleError(CityError):
    """The object does not exist for this viewer: absent and forbidden look the same from outside."""

    def __init__(self, code: str = "access.not_visible", **params: object) -> None:
        super().__init__(code, **params)


def _rebuild(kind: type[CityError], code: str, params: dict[str, object]) -> CityError:
    return kind(code, **params)
