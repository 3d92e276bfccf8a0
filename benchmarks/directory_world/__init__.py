"""A made-up directory of any size, laid over the real ZIP codes, and the exact answers to ask of it."""
