"""Scripts that make what is generated in docs/: `make docs`, `make pictures`."""
