"""Files as strings: where they lie, how they are read, and what is wrong with them."""
