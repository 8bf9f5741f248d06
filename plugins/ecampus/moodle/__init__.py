"""Moodle, read and written.

Reading order: ``client`` (one call; what it means: ``answers``, ``refusals``; how many at once: ``pace``), ``batches``
(many writes; by several clients: ``lanes``), ``rows``, ``accounts`` and ``reads`` (existing state; many courses in one
request: ``together``; what changes meanwhile: ``passing``), ``database`` (the same frames by SQL), ``reader`` (which of
the two), ``functions``, ``capabilities``, ``plugins`` (its settings), ``mark``. Imports sources and what lies below.
"""
