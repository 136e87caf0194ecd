"""Candour, a mystery-shopping field audit that an organisation runs for itself.

The story, in the order of its chapters: a **programme** says what is looked at, for which areas and branches, and why.
A **checklist** says what to look for, in words that anyone can see come true. An **assignment** asks one shopper for
one visit to one branch. The **visit** keeps what was seen, when, and how sure it is. A **score** is worked out from
the visit and its frozen checklist alone. In **review** somebody else reads the visit, and the branch may answer. The
**report** says what was seen, how sure a figure is, and what is agreed to be done.
"""

__version__ = "0.1.0"
