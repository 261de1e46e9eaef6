"""Tables for people to read, and the page."""
