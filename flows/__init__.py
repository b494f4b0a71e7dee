"""The Prefect flows: thin, over use cases."""
