"""Directories coming in: what each format's rows mean in HSDS 3.2, and how rows are taken in."""
