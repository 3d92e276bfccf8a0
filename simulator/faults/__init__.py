"""Faults to order: what goes wrong, to whom, how often."""
