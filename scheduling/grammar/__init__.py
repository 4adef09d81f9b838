"""What people type about time: weekly hours and single moments, read without guessing."""
