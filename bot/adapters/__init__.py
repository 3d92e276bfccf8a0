"""The outside world: one file for each thing we depend on, and one of fakes with the same constraints."""
