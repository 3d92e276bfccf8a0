"""Python's garbage collector, kept from what stays for as long as the process does."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Load here what stays until the process ends; the collector never looks at it again.

    Modules, rules and places are a million objects. A full round over them held all threads for 0.2 to 0.8 s,
    and SQLite's write lock with it when one of them had it (https://docs.python.org/3/library/gc.html).
    """
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
