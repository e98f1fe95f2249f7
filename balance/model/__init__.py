"""The data: landmarks, recordings, results, codes, errors and their files."""
