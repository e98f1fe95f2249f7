"""Results and landmarks for other programs: tables, JSON, FHIR, TRC, C3D."""
