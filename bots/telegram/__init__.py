"""Telegram: reading its updates, drawing messages its way, sending them, and its menus."""
