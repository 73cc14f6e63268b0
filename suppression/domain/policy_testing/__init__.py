"""Tables of test cases for policies: their notation, their parsing, their execution."""
