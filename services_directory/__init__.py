"""Who helps where, and when: an Open Referral HSDS 3.2 directory. Imports nobody above it."""
