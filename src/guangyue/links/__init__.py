"""How the outside is reached and heard: SMS, push, traffic platform, bank link, alarms, positions, event feed.

A desk names an outbox channel; this package registers who serves it. Neither imports the other.
"""
