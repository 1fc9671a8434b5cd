"""What the portal itself keeps: wrong attempts, for as long as they count, and ratings."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from typing_extensions import override

__all__ = ["Attempt", "Rating"]


class Attempt(models.Model):
    """A wrong number or proof (查询失败). Neither address nor number is kept, only keyed hashes of them.

    Attributes:
        source: of the network address. number: of what was asked for.
    """

    source = models.BinaryField(max_length=16)
    number = models.BinaryField(max_length=16)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (
            models.Index(fields=["source", "at"], name="portal_attempt_source"),
            models.Index(fields=["number", "at"], name="portal_attempt_number"),
        )

    @override
    def __str__(self) -> str:
        return f"{self.at:%F %T}"


class Rating(models.Model):
    """What a citizen says of how a matter was handled (满意度评价); of the matter, never of a person.

    Attributes:
        matter: its row; one rating each, which may be changed.
        stars: 1 to 5.
        words: in the citizen's own, seen by the oversight desk.
    """

    matter = models.BigIntegerField(unique=True)
    stars = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="portal_rating_stars"),
        )

    @override
    def __str__(self) -> str:
        return f"{self.matter}: {self.stars}"
