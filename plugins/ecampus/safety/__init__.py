"""What a plan must pass before anything is written.

Imports changes and what lies below.
"""
