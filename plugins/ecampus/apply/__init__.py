"""Writing a plan into Moodle and the enrolment table, every change journalled.

Reading order: journal (what was done), writer (one plan, in order), offer, people, groups (how each change is sent).
"""
