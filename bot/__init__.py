"""What the line decides and remembers. No HTTP framework in here."""
