"""Alerts: one for a rule, an entity and a stretch of time, however often the rule fires (一警一档，重复计数)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from guangyue.engines.fraud.replay import alert_id

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LEVELS", "Alert", "AlertBook", "alert_id"]

LEVELS: tuple[str, ...] = ("urgent", "high", "medium", "low")
"""紧急, 高, 中, 低: handled like a 110 call; face to face within a day; by station and grid within a time limit."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert.

    Attributes:
        id: from rule, entity and bucket. rule: the reason code. level: of :data:`LEVELS`. entity: the person's token.
        first_at, last_at: UTC ms. count: how often it was raised. score: the highest.
    """

    id: str
    rule: str
    level: str
    entity: int
    first_at: int
    last_at: int
    count: int
    score: float


class AlertBook:
    """The open alerts. Raising one again counts it; nothing is ever raised twice."""

    def __init__(self) -> None:
        self._alerts: dict[str, Alert] = {}

    def __len__(self) -> int:
        return len(self._alerts)

    def __iter__(self) -> Iterator[Alert]:
        return iter(self._alerts.values())

    def raise_(
        self, rule: str, level: str, entity: int, time: int, bucket: int, score: float = 0.0
    ) -> tuple[Alert, bool]:
        """Raises an alert at ``time`` (UTC ms) under a rule whose alerts cover ``bucket`` seconds.

        Returns:
            The alert and whether it is new.
        """
        key = alert_id(rule, entity, time // (1000 * bucket))
        old = self._alerts.get(key)
        if old is None:
            new = Alert(key, rule, level, entity, time, time, 1, score)
        else:
            level = min(old.level, level, key=LEVELS.index)
            new = replace(
                old, level=level, first_at=min(old.first_at, time), last_at=max(old.last_at, time),
                count=old.count + 1, score=max(old.score, score),
            )  # fmt: skip
        self._alerts[key] = new
        return new, old is None

    def forget(self, before: int) -> int:
        """Drops alerts last raised before a time, so the book holds what is open; how many went."""
        gone = [key for key, alert in self._alerts.items() if alert.last_at < before]
        for key in gone:
            del self._alerts[key]
        return len(gone)
