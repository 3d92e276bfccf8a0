"""The read-only HSDS API: a Flask blueprint at /hsds (docs/hsds-api.md)."""

from services_directory.api.routes import blueprint

__all__ = ["blueprint"]
