"""Figures for whoever keeps the installation running (运行指标): counted in every process, read at ``/metrics``."""
