"""Set the line up on this machine and run it: `python3 -m launch run`. Needs only Python."""
