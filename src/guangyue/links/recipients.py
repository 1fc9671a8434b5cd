"""From “the owner” of a matter to a telephone number: who is meant by a notice (接收人)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guangyue.city.models import Account, Person
from guangyue.links.vehicles import owner_of
from guangyue.records.models import Matter, Party

if TYPE_CHECKING:
    from guangyue.city.personal import Purpose

__all__ = ["NOBODY", "NO_PHONE", "Recipient", "recipient"]

NOBODY = "未登记车主 · no owner is registered"
NO_PHONE = "车主未留手机号码 · the owner has left no mobile number"


@dataclass(frozen=True, slots=True, repr=False)
class Recipient:
    """Somebody a message can reach; `repr` tells nothing.

    Attributes:
        number: E.164; empty when `why` says why there is none.
    """

    number: str
    why: str = ""


def recipient(matter_ref: str, to: str, purpose: Purpose) -> Recipient:
    """The number a notice of a matter goes to.

    Args:
        matter_ref: the matter.
        to: as the notice names it: ``party:owner``.
        purpose: what the reading is logged under; only the one number is read.
    """
    kind, _, code = to.partition(":")
    if kind != "party":
        return Recipient("", NOBODY)
    person = _party(matter_ref, code) or (_owner(matter_ref) if code == "owner" else None)
    if person is None:
        return Recipient("", NOBODY)
    if person.phone is None or person.phone.erased:
        return Recipient("", NO_PHONE)
    return Recipient(person.phone.reveal(purpose))


def _party(matter_ref: str, role: str) -> Person | None:
    """A party of the matter that has an account."""
    found = Party.objects.filter(matter__ref=matter_ref, role=role, ended_at=None).exclude(account="")
    for name in found.order_by("-pk").values_list("account", flat=True):
        number = name.removeprefix("account:")
        account = Account.objects.select_related("person").filter(pk=int(number)).first() if number.isdigit() else None
        if account is not None and account.person is not None:
            return account.person
    return None


def _owner(matter_ref: str) -> Person | None:
    """The registered owner of the matter's vehicle."""
    snapshot = Matter.objects.filter(ref=matter_ref).values_list("snapshot", flat=True).first()
    held = json.loads(snapshot) if isinstance(snapshot, str) else snapshot or {}
    plate = held.get("fields", {}).get("plate")
    return owner_of(plate) if isinstance(plate, str) and plate else None
