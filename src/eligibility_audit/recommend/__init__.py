"""From findings to at most one recommendation a record."""
