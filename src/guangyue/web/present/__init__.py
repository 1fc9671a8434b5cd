"""From the kernel's data to what a page shows: clocks, states, the story of a matter. No database, no request."""
