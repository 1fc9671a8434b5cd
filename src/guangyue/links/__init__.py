"""How the outside is reached and heard: SMS, push, traffic platform, bank link, alarms, positions, event feed."""
