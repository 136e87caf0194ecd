"""The shelves: rows in SQLite on one side, nouns of the domain on the other, and the photos in a folder beside."""
