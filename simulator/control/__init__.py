"""The simulator's own doors: phones, faults, clock, journal, and the phone page."""
