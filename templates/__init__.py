"""Words: what people read, in every language we ship. Messages are templates, labels and dates follow the reader."""
