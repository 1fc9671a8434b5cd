"""Evidence: bytes kept under the name of their own digest, what is known about them, and how they arrive (证据)."""
