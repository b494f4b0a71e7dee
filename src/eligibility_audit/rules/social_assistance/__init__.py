"""Rules on monthly social assistance."""
