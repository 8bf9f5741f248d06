"""A plan: what must change for Moodle to be as the rules want it, one file per kind of object.

Pure functions of frames. Imports rules, words and contract.
"""
