"""Letter tables: words with letters outside ASCII, and prices of letters by language. Built by ``build``."""
