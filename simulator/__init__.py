"""A stand-in for Twilio on one machine: REST API, signed webhooks, calls, faults and a phone page.

It knows Twilio's protocol and nothing of the line: no module of the product is imported here.
"""
