"""REFER and LDAP as they are, and every database: SQL files, what drivers give, their words, their silences.

Imports errors, calendar and contract only.
"""
