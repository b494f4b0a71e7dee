"""What officers do with flagged records, one verb a file. Pages, the API and imports all come through here."""
