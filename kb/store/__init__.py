"""The knowledge in a SPARQL 1.1 store outside this process: publishing it there, and loading it from there."""
