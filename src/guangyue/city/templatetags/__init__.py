"""What the account pages say."""
