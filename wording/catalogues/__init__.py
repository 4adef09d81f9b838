"""Sentences by language."""
