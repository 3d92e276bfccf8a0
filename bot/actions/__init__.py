"""What Rasa asks of us: rasa-sdk actions, each one step from tracker to one bot function to events.

They answer with reply keys, never with words.
"""
