"""Other people's methods, written again from their papers, beside Assayer on the same pairs of models.

Nothing here is taken from anybody's code. A score is a similarity: higher means more likely derived.
"""
