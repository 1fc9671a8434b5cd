"""One package per line of work. Desks declare procedures and pages; they never import each other."""
