"""The embedded sample: two references, a candidate that inherits from them, an honest candidate, and what made them."""
