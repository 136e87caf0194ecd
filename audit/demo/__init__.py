"""The demo: an invented organisation with a year of visits, made by the same verbs that people use.

organisation -> calendar -> temper -> writing -> answering -> pictures -> year -> filling. The same seed and moment make
the same visits and scores. Refuses to fill a database that holds anything already.
"""

from audit.demo.filling import DemoPhone, DemoSignIn, DemoSummary, fill_demo

__all__ = ["DemoPhone", "DemoSignIn", "DemoSummary", "fill_demo"]
