"""What is ours and who may write.

Imports sources, changes and what lies below.
"""
