"""What people act on, in SQL."""
