"""How right and how fast: self-test, accuracy, camera noise, throughput."""
