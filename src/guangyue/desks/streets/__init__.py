"""The streets desk (城警联动): joint enforcement of urban management and traffic police on the street."""
