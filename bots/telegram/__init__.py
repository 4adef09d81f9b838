"""Telegram: handlers by subject, how to draw a message, how to send it."""
