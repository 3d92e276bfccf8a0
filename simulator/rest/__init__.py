"""Twilio's REST API: accounts, Messages, Media, Calls."""
