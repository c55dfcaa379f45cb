"""One rule: a SPARQL CONSTRUCT read, checked and put in the order in which it can run."""
