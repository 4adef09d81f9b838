"""Every sentence and card, as neutral messages no platform is needed for."""
