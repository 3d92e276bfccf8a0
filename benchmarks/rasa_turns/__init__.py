"""What rasa_turn.py and long_conversation.py share."""
