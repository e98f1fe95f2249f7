"""The report of a recording, a visit, a person and a plan."""
