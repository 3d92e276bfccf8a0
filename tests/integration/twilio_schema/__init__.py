"""Twilio's OpenAPI file as a judge between our client and the simulator."""
