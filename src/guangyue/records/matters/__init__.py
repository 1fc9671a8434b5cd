"""Access to matters (事项访问): the only way to a matter for pages, API and feeds.

Every function takes the viewer and refuses by default. Scope is agency × unit × role × assignment: a role reaches the
matters of its units, and of those only the procedures whose declaration names it; what a unit once held, recorded or had
a task in it may still look up; whoever is in charge sees it; a party sees its own. Values are masked by the declaration,
and personal ones are plain only for a reason that the access log keeps.
"""

from guangyue.records.matters.asking import MOST, Asked, BadCursorError
from guangyue.records.matters.attached import deadlines_for, documents_for, evidence_for
from guangyue.records.matters.changes import Moved, changes_for, cursor_now, forget_changes, moved_since
from guangyue.records.matters.dossier import Dossier, dossier_for
from guangyue.records.matters.given import TaskLine, tasks_for
from guangyue.records.matters.listing import matters_for
from guangyue.records.matters.one import (
    matter_for,
    offers_for,
    related_for,
    reveal_for,
    sees_matter,
    timeline_for,
    views_for,
)
from guangyue.records.matters.priors import Consulted, Prior, priors_for
from guangyue.records.matters.public import PublicPaper, PublicStep, PublicView, public_matter
from guangyue.records.matters.scope import READ, WRITE, account_name
from guangyue.records.matters.shown import (
    Change,
    Changes,
    Clock,
    DocumentLine,
    Entries,
    FieldShown,
    MatterLine,
    MatterView,
    Page,
    PieceLine,
)
from guangyue.records.matters.subject import follow_code, plate_key
from guangyue.records.matters.watching import Watching

__all__ = [
    "MOST",
    "READ",
    "WRITE",
    "Asked",
    "BadCursorError",
    "Change",
    "Changes",
    "Clock",
    "Consulted",
    "DocumentLine",
    "Dossier",
    "Entries",
    "FieldShown",
    "MatterLine",
    "MatterView",
    "Moved",
    "Page",
    "PieceLine",
    "Prior",
    "PublicPaper",
    "PublicStep",
    "PublicView",
    "TaskLine",
    "Watching",
    "account_name",
    "changes_for",
    "cursor_now",
    "deadlines_for",
    "documents_for",
    "dossier_for",
    "evidence_for",
    "follow_code",
    "forget_changes",
    "matter_for",
    "matters_for",
    "moved_since",
    "offers_for",
    "plate_key",
    "priors_for",
    "public_matter",
    "related_for",
    "reveal_for",
    "sees_matter",
    "tasks_for",
    "timeline_for",
    "views_for",
]
