"""The schema's history; run by persistence.migrate, never by hand."""
