"""What a text names, found by patterns and words in data files: one module for each kind."""
