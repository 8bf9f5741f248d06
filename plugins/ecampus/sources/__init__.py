"""REFER and LDAP as they are, and every database: SQL files, the words of drivers, silences.

Imports errors, calendar and contract only.
"""
