"""The fraud engine (小天眼): stream features declared once, the same value everywhere; rules and models over them."""
