"""Read-only Django models over the records' tables, for pages, admin and foreign keys of desks.

The tables are made by SQL (``records/sql``) and written only by this package's own functions: a model saves nothing the
journal does not know of.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from typing_extensions import override

__all__ = [
    "AccessEntry",
    "Alarm",
    "Channel",
    "Deadline",
    "Document",
    "JournalEntry",
    "Matter",
    "Outbox",
    "Party",
    "Relation",
    "Seal",
    "Tally",
    "Task",
]


class ReadOnlyError(TypeError):
    """A record is changed by commands, never by saving its row."""


class _Record(models.Model):
    class Meta:
        abstract = True

    @override
    def save(self, *_: Any, **__: Any) -> NoReturn:
        raise ReadOnlyError(type(self).__name__)

    @override
    def delete(self, *_: Any, **__: Any) -> NoReturn:
        raise ReadOnlyError(type(self).__name__)


class Matter(_Record):
    """A matter (事项): its state now, its clocks and its place; the journal tells how it came there."""

    id = models.BigAutoField(primary_key=True)
    ref = models.TextField(unique=True)
    number = models.TextField(null=True, unique=True)  # noqa: DJ001 - a matter without a number has none, not an empty one
    procedure = models.TextField()
    version = models.IntegerField()
    state = models.TextField()
    title = models.TextField()
    agency = models.TextField()
    holder = models.TextField()
    assignee = models.TextField()
    parent = models.ForeignKey("self", on_delete=models.DO_NOTHING, null=True, related_name="children")
    subject = models.BinaryField(null=True)
    cell = models.BigIntegerField(null=True)
    lon = models.IntegerField(null=True)
    lat = models.IntegerField(null=True)
    place = models.TextField()
    snapshot = models.JSONField()
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    seq = models.IntegerField()
    head = models.BinaryField()

    class Meta:
        managed = False
        db_table = "matter"

    @override
    def __str__(self) -> str:
        return self.number or f"{self.procedure} {self.pk}"


class JournalEntry(_Record):
    """One decision on one matter (办案日志), exactly as it was hashed."""

    pk = models.CompositePrimaryKey("matter_id", "seq")
    matter = models.ForeignKey(Matter, on_delete=models.DO_NOTHING, related_name="journal")
    seq = models.IntegerField()
    body = models.TextField()
    hash = models.BinaryField()
    written_at = models.DateTimeField()
    kind = models.TextField()
    act = models.TextField()
    actor = models.TextField()
    at = models.DateTimeField()
    deadline_id = models.BigIntegerField(null=True, unique=True)

    class Meta:
        managed = False
        db_table = "journal"

    @override
    def __str__(self) -> str:
        return f"{self.matter_id}#{self.seq} {self.act}"


class Deadline(_Record):
    """A clock on a matter (期限)."""

    id = models.BigAutoField(primary_key=True)
    matter = models.ForeignKey(Matter, on_delete=models.DO_NOTHING, related_name="deadlines")
    key = models.TextField()
    occurrence = models.IntegerField()
    status = models.TextField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    armed_seq = models.IntegerField()
    basis = models.JSONField()
    provisional = models.BooleanField()
    ended_at = models.DateTimeField(null=True)
    attempts = models.IntegerField()
    next_attempt_at = models.DateTimeField(null=True)
    last_error = models.TextField(null=True)  # noqa: DJ001 - no error is not an empty one

    class Meta:
        managed = False
        db_table = "deadline"

    @override
    def __str__(self) -> str:
        return f"{self.matter_id} {self.key}#{self.occurrence}"


class Task(_Record):
    """One unit's part of a task (交办): the work lists."""

    pk = models.CompositePrimaryKey("matter_id", "code", "number", "hop")
    matter = models.ForeignKey(Matter, on_delete=models.DO_NOTHING, related_name="tasks")
    code = models.TextField()
    number = models.IntegerField()
    hop = models.IntegerField()
    unit = models.TextField()
    status = models.TextField()
    since = models.DateTimeField(null=True)
    by = models.TextField()
    note = models.TextField()

    class Meta:
        managed = False
        db_table = "task"

    @override
    def __str__(self) -> str:
        return f"{self.matter_id} {self.code}/{self.number}/{self.hop}"


class Relation(_Record):
    """A tie to another matter (串并、关联)."""

    pk = models.CompositePrimaryKey("matter_id", "kind", "other_id")
    matter = models.ForeignKey(Matter, on_delete=models.DO_NOTHING, related_name="relations")
    kind = models.TextField()
    other = models.ForeignKey(Matter, on_delete=models.DO_NOTHING, related_name="related_from")
    made_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "relation"

    @override
    def __str__(self) -> str:
        return f"{self.matter_id} {self.kind} {self.other_id}"


class Party(_Record):
    """What an account or an identity is to a matter (当事人): owner, applicant, respondent."""

    id = models.BigAutoField(primary_key=True)
    matter = models.ForeignKey(Matter, on_delete=models.DO_NOTHING, related_name="parties")
    role = models.TextField()
    account = models.TextField()
    search = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "party"

    @override
    def __str__(self) -> str:
        return f"{self.matter_id} {self.role}"


class Document(_Record):
    """A paper that was issued (文书), with its number and the facts it states."""

    id = models.BigAutoField(primary_key=True)
    matter = models.ForeignKey(Matter, on_delete=models.DO_NOTHING, related_name="documents")
    seq = models.IntegerField()
    code = models.TextField()
    number = models.TextField(null=True)  # noqa: DJ001 - an unnumbered paper has none
    facts = models.JSONField()
    issued_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "document"

    @override
    def __str__(self) -> str:
        return self.number or self.code


class Outbox(_Record):
    """Something to be sent after the commit that caused it (发件箱)."""

    id = models.BigAutoField(primary_key=True)
    channel = models.TextField()
    key = models.TextField()
    matter_id = models.BigIntegerField(null=True)
    seq = models.IntegerField(null=True)
    payload = models.JSONField()
    made_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.IntegerField()
    sent_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    receipt = models.JSONField(null=True)
    last_error = models.TextField(null=True)  # noqa: DJ001 - no error is not an empty one

    class Meta:
        managed = False
        db_table = "outbox"

    @override
    def __str__(self) -> str:
        return f"{self.channel} {self.key}"


class Channel(_Record):
    """The pace of one outbox channel."""

    name = models.TextField(primary_key=True)
    per_second = models.FloatField()
    burst = models.FloatField()
    tokens = models.FloatField()
    refilled_at = models.DateTimeField()
    max_attempts = models.IntegerField()
    paused = models.BooleanField()

    class Meta:
        managed = False
        db_table = "channel"

    @override
    def __str__(self) -> str:
        return self.name


class AccessEntry(_Record):
    """One reading of personal data (查阅记录)."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    viewer = models.TextField()
    purpose = models.TextField()
    what = models.TextField()
    matter_id = models.BigIntegerField(null=True)
    body = models.TextField()
    day = models.DateField(null=True)
    seq = models.IntegerField(null=True)

    class Meta:
        managed = False
        db_table = "access_log"

    @override
    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.viewer} {self.what}"


class Seal(_Record):
    """A signed checkpoint over the heads of all chains (封签)."""

    n = models.IntegerField(primary_key=True)
    size = models.BigIntegerField()
    root = models.BinaryField()
    at = models.DateTimeField()
    checkpoint = models.TextField()

    class Meta:
        managed = False
        db_table = "seal"

    @override
    def __str__(self) -> str:
        return f"{self.n} ({self.size})"


class Tally(_Record):
    """What one journal entry added to a figure."""

    id = models.BigAutoField(primary_key=True)
    procedure = models.TextField()
    figure = models.TextField()
    at = models.DateTimeField()
    unit = models.TextField()
    amount = models.BigIntegerField()
    matter = models.ForeignKey(Matter, on_delete=models.DO_NOTHING, related_name="tallies")
    seq = models.IntegerField()

    class Meta:
        managed = False
        db_table = "tally"

    @override
    def __str__(self) -> str:
        return f"{self.procedure}.{self.figure} {self.amount:+d}"


class Alarm(_Record):
    """What an operator must see (告警)."""

    kind = models.TextField(primary_key=True)
    count = models.BigIntegerField()
    detail = models.TextField()
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "alarm"

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.count}"
