"""Pages for people: server-rendered, with our own styles and scripts only."""
