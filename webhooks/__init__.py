"""Twilio's door. Every route under /twilio is signed; health needs no signature."""
