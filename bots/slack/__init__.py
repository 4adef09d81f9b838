"""Slack as a face of slotbook."""
