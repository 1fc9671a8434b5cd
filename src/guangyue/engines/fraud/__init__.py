"""The fraud engine (小天眼): stream features declared once, computed the same everywhere; rules and models over them."""
