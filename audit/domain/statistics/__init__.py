"""How sure a figure is: one module for each question that a manager asks. Refuses what the visits do not carry.

dust, quantiles, draws -> dispersion -> ranges -> groups -> places -> measuring, then change, trend, versions, and what
the programme office asks: severity, agreement, scenes, planning, coverage, questions, together, suppression and
lost_customers.
Everything printed holds nine times out of ten, covers chance between visits and shoppers, and nothing else.
"""
