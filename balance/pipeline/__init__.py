"""From a video to a recording, its assessment and its files."""
