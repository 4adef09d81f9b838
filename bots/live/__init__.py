"""Cards that are kept right while they can be seen."""
