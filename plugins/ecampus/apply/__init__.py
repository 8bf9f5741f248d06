"""Writing a plan into Moodle and the enrolment table: each request noted ahead, each change journalled.

Reading order: steps (which function sends which kind), writer (one plan, in order), ahead (write-ahead), told (what the
logs say), offer, people, groups (how each change is sent). Imports store and what lies below.
"""
