"""The engine's commands, one file each."""
