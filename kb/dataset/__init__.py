"""The data set: its named graphs and their description."""
