"""The post room: what people bring (spreadsheets, photos, checklists) becomes plain tables, clean pictures and trees.

Decides nothing about the business; refuses what cannot be read, and says the mend.
"""
