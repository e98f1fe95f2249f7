"""The annotated video and its stills."""
