"""Settings from the environment; a bad value is refused."""
