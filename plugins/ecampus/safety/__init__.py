"""What must hold before anything is written: reads that are whole, the Moodle that the register knows.

Imports changes and what lies below.
"""
