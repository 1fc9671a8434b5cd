"""Who may do what, where (职权与管辖): agencies and roles, offences and places, powers and bans, papers."""
