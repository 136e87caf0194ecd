"""What arithmetic in floating point may be off by. Owns the one allowance that is made for it, where a figure is held
against a bound or rounded for print; refuses to be a tolerance for anything that was measured."""

from __future__ import annotations

# In the unit of what is compared: points 0 to 100, shares 0 to 1, or visits. All are far larger than their last digits.
DUST = 1e-9
