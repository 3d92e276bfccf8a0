"""Does a text say that somebody is in danger now? A pure function, before any model."""

from bot.triage.assess import Assessment, Kind, assess, warm_up

__all__ = ["Assessment", "Kind", "assess", "warm_up"]
