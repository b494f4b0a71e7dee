"""Great Expectations suites, one a kind."""
