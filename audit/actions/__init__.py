"""The verbs: one function for each thing a person can do, ending in a saved change and a line in the journal."""
