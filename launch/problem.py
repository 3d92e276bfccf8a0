"""What a person at a terminal can do something about."""


class Problem(Exception):
    """Set-up cannot go on. The message is a plain sentence that says why and what to do."""
