"""Pages for people, rendered here; the browser needs no script to read them."""
