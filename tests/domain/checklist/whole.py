"""A checklist as somebody writes it, with something of everything that the format knows."""

from __future__ import annotations

WHOLE = """
id: corner-shop
title: {en: The corner shop, fr: L'épicerie}
languages: [en, fr]
channel: visit
estimated_minutes: 15
brief: Buy a pint of milk.
remember: [The first words, The time]
target: 80.5
bands:
  - {id: good, title: Good, from: 75}
  - {id: weak, title: Needs work, from: 0}
dimensions:
  - {id: warmth, title: Warmth}
  - {id: recovery, title: Recovery}
scenarios:
  - id: wrong-bill
    title: The bill is wrong
    pretend: Say that the bill is wrong.
    plants: [recovery]
    spending_limit: 7.50
    risk: Leave if voices are raised.
sections:
  - id: arrival
    title: Arriving
    weight: 40
    questions:
      - id: greeted
        ask: {en: Were you greeted?, fr: Vous a-t-on salué ?}
        kind: yes_no
        weight: 0.25
        dimensions: [warmth, recovery]
        offer: [not_observed]
        critical: {is: no}
        demands:
          - {when: {is: no}, prompt: What did you see?, comment: true, facts: [{id: busy, title: All were busy}]}
      - id: face
        ask: What did the face do?
        kind: rating
        points: [{point: 1, title: Looked away}, {point: 2, title: Looked up}, {point: 3, title: Smiled}]
        dimension: warmth
        required: no
        show_if: {and: [{question: greeted, is: yes}, {not: {branch: self-service, is: yes}}]}
  - id: till
    title: At the till
    weight: 60
    show_if: {scenario: id, any_of: [wrong-bill]}
    questions:
      - {id: put-right, ask: Was it put right?, kind: yes_no, dimension: recovery, picture: bill.svg}
"""
