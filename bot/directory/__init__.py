"""The directory as case workers work with it: what the line would answer, a listing, corrections, tasks."""
