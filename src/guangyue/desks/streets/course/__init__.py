"""The course of a street penalty (街面执法通用流程): one procedure made from each file of the offence catalogue.

Look, explain, advise, admonish, order; warn; fine on the spot; or file and go the general way: investigate, tell, hear,
have it reviewed, decide, serve. Somebody else collects. Every part stands in a file of its own, readable beside the law:
:mod:`~guangyue.desks.streets.course.street` (the ladder and hand-over), :mod:`~guangyue.desks.streets.course.spot`
(on the spot), :mod:`~guangyue.desks.streets.course.general` (the general procedure),
:mod:`~guangyue.desks.streets.course.money` (service and collection),
:mod:`~guangyue.desks.streets.course.remedies` (objection, withdrawal, reopening).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from guangyue.desks.streets.course import figures, general, money, remedies, spot, street
from guangyue.desks.streets.course.fields import fields
from guangyue.desks.streets.who import COMMANDER
from guangyue.kernel import Procedure

if TYPE_CHECKING:
    from guangyue.law.competence.catalogue import Kind

__all__ = ["COURSE", "course"]

COURSE = 0
"""Grows with every change of the course itself; the version of a procedure is this plus the version of its file."""


def course(kind: Kind) -> Procedure:
    """The procedure of a kind of offence."""
    return Procedure(
        code=f"streets.{kind.code}",
        version=COURSE + kind.version,
        title=kind.title,
        subject=kind.subject,
        law=kind.law,
        fields=fields(kind),
        states=(*street.STATES, *spot.STATES, *general.STATES, *money.states(kind), *remedies.STATES),
        deadlines=(*street.deadlines(kind), *general.DEADLINES, *money.deadlines(kind), *remedies.DEADLINES),
        actions=(
            *street.actions(kind),
            *spot.actions(kind),
            *general.actions(kind),
            *money.actions(kind),
            *remedies.actions(kind),
        ),
        figures=figures.counts(kind),
        overseers=(COMMANDER,),
    )
