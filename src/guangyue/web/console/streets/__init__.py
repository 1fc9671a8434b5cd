"""The street desk's pages: who has to do what, the joint headquarters' board, and both as files."""
