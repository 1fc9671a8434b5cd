"""From expected calls to a plan a commander can accept, edit or refuse: outposts, routes, and what they promise."""

from guangyue.engines.patrol.plan.build import Crew, Demand, MustVisit, Rest, Settings, Stop, problem
from guangyue.engines.patrol.plan.explain import PlannedPost, PlannedStop
from guangyue.engines.patrol.plan.make import Plan, plan, watches
from guangyue.engines.patrol.plan.promise import Promise, promise
from guangyue.engines.patrol.plan.watch import Beat, Reach, reach_of

__all__ = [
    "Beat", "Crew", "Demand", "MustVisit", "Plan", "PlannedPost", "PlannedStop", "Promise", "Reach", "Rest", "Settings",
    "Stop", "plan", "problem", "promise", "reach_of", "watches",
]  # fmt: skip
