"""A small university in a box, for a newcomer, a test or a benchmark; the package never imports it.

Reading order: ``university`` (REFER and the people of the directory, generated), ``changes`` (a day of their
life), ``directory`` (LDAP on a socket), ``moodle`` (a Moodle that answers like the real one), ``box`` (all of
them started together), ``__main__`` (the command line).
"""
