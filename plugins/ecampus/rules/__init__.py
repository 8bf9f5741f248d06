"""What the university wants: REFER and LDAP become verdicts, rule by rule, and the desired frames among them.

Pure functions of frames. Reading order: verdicts (the ladder), referential (REFER made regular), unreadable, links,
offer, teaching, cohorts, matching and accounts, traps. Imports words and contract only.
"""
