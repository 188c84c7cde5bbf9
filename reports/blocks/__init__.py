"""What reports are made of: blocks, each of which says something; every format draws from that."""
