"""Settings, pages, API, the map console, the field app and the citizen portal."""
