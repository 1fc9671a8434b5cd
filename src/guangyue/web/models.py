"""What the faces themselves keep: a person's saved views, and when people signed in."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from typing_extensions import override

__all__ = ["SavedView", "SignIn"]


class SavedView(models.Model):
    """A list somebody comes back to (常用视图): its name and its filters.

    Attributes:
        query: the filters as the list's own address has them.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=400)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["made_at", "pk"]
        constraints = (models.UniqueConstraint(fields=["account", "name"], name="web_savedview_name"),)

    @override
    def __str__(self) -> str:
        return self.name


class SignIn(models.Model):
    """When somebody signed in. What was observed in the street is believed from the first sign-in of the shift on.

    The session of a phone without network ends meanwhile; the shift does not.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=["account", "-at"], name="web_signin_account"),)

    @override
    def __str__(self) -> str:
        return f"{self.account_id} · {self.at:%F %T}"
