"""What a submitter may do to the zoo's models so that their origin no longer shows.

Each attack is one function in the table of `registry`; `python -m benchmarks.attacks.table` judges what they make.
"""
