"""The one demo city that every simulator reads, the simulators, and stand-ins for outside systems."""
