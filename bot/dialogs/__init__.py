"""Questions: a verb whose arguments are not all there yet asks for them one by one, or in one form where a platform has forms."""
