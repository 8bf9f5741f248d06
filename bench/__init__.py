"""How fast ecampus is at the size of a university: ``make bench``, docs/performance.md. Never shipped."""
