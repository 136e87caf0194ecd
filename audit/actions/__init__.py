"""The verbs: one function for each thing a person can do, ending in a saved change and a line in the journal."""

SYSTEM = "system"  # who acts where nobody is signed in: the command line, the first start
