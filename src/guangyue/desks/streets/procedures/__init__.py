"""One file per procedure; each can be checked against the law beside it."""
