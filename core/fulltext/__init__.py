"""Finding texts by their words: one index for all that can be searched, alike on both databases."""
