"""What Twilio posts to the line about texts, and what it does with the answer."""
