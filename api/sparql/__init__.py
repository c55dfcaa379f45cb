"""The SPARQL 1.1 Protocol (query) at `/sparql`: one line in the app, `app.add_middleware(SparqlMiddleware, …)`."""
