"""What turns.py compares with."""
