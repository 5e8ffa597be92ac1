"""What customers say afterwards: how content they are, and whether they would recommend us."""
