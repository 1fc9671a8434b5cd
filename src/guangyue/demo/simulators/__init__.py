"""Simulators: programs outside the house that use its public API alone, as phones and other systems do."""
