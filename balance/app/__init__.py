"""The app: pages that ask and show, and a browser component that records."""
