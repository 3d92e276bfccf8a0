"""One module for each group of pages: `register` gives it its addresses."""
