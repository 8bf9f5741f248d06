"""Moodle over REST. Read client (one call), then batches (many writes), then reads (existing state)."""
