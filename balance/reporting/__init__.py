"""An assessment told: page, charts, stills, annotated video. Computes nothing."""
