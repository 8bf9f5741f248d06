"""A plan: what must change for Moodle to be as the rules want it, one file per kind of object.

Pure functions of frames. Reading order: draft (what a phase is given and gives back), plan, keys (moving a key), ours,
offer, courses, categories, enrolments, groups, cohorts, users, gains (what becomes ours), imagine (what would be after
a plan; possible, hiding). Imports rules, register and what lies below.
"""
