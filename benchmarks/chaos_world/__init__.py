"""What benchmarks/chaos.py is made of: people who text, trouble of every kind, and the books at the end."""
