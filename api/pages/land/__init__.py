"""The pages of the country: areas by what follows for them, two side by side, and a planning of works."""
