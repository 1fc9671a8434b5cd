"""From expected calls to a plan a commander can accept, edit or refuse: outposts, routes, and what they promise."""

from guangyue.engines.patrol.plan.build import Crew, Demand, MustVisit, Rest, Settings, Stop, problem
from guangyue.engines.patrol.plan.make import Plan, PlannedStop, plan
from guangyue.engines.patrol.plan.promise import Promise, promise

__all__ = [
    "Crew", "Demand", "MustVisit", "Plan", "PlannedStop", "Promise", "Rest", "Settings", "Stop", "plan", "problem", "promise",
]  # fmt: skip
