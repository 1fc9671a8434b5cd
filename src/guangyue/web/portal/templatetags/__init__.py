"""Tags of the portal's forms."""
