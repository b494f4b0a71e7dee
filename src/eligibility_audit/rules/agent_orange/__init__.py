"""Rules on veterans exposed to Agent Orange and their children."""
