"""What the university wants: REFER and LDAP become desired frames, rule by rule.

Pure functions of frames. Imports words and contract only.
"""
