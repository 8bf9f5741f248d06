"""«Pourquoi ?»: the answer to a question about a person, a course or a group, from the verdicts that runs keep.

Reading order: facts (what is known), writing (what became of a change), account, element, ladders and seats (a person
and a course), answer (in words), person, course (a group too), moved, pending, cohort, reach. Pure; imports what lies
below.
"""
