"""Directories coming in, one file for each format."""
