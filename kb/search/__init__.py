"""One search over all that has a name: the knowledge, the rules, the ontology and the areas of the country."""
