"""The case workers' pages. A door like webhooks/, whose app.py opens it."""

from inbox.door import blueprint

__all__ = ["blueprint"]
