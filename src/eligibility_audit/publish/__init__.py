"""Lists, tables and reports that leave the system."""
