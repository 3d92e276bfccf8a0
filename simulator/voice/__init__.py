"""Calls: ringing, TwiML, what the line is told of them."""
