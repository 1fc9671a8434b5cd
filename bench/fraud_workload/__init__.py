"""The streams that the fraud benches run over."""
