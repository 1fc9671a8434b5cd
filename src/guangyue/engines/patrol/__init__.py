"""Patrol planning (潮汐巡防): forecast, routes, outposts, simulation, and the gate that keeps a standing plan."""
