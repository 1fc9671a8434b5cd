"""Figures beside their peers, each measured in one run on the same work."""
