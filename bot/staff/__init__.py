"""Who works at the inbox: accounts, roles, passwords, second factors, sessions. No HTTP in here."""
