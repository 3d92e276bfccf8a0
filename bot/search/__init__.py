"""Words found again in sealed texts, by a blind index that knows little (docs/adr/0026)."""

from bot.search.finding import Found, Hit, Results, search
from bot.search.indexing import index_new, index_words, reindex

__all__ = ["Found", "Hit", "Results", "index_new", "index_words", "reindex", "search"]
