"""Stand-ins for outside systems: programs that speak the real protocol and can be told to misbehave."""
