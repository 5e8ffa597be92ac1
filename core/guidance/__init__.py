"""For an open case: what to do now, in which words, why, and what became of similar ones."""
