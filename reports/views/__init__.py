"""Pages of figures and what is downloaded from them."""
