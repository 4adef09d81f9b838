"""Everything that speaks SQL, behind the ports of `scheduling`."""
