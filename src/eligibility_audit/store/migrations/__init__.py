"""The forms of the store, oldest first (Alembic). A form that was released is never edited; a new one is added."""
