"""«Pourquoi ?»: the answer to a question about a person, a course or a group, from the verdicts that runs keep.

Reading order: facts (what is known), seats (a person and a course), account, course, group, answer. Pure; imports what
lies below.
"""
