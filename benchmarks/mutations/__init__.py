"""Every byte, every length and random changes of small files of every format: what the readers make of them."""
