"""The HTTP face: health, metrics, webhooks, feeds and pages."""
