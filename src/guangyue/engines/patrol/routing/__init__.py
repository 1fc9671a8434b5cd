"""Routes for the crews of a slot: a prize-collecting team orienteering problem, searched and then recombined."""

from guangyue.engines.patrol.routing.problem import Problem, Solution
from guangyue.engines.patrol.routing.solve import Budget, solve, warm_up
from guangyue.engines.patrol.routing.verify import faults, timetable

__all__ = ["Budget", "Problem", "Solution", "faults", "solve", "timetable", "warm_up"]
