"""The whole country as data: what public tables say of every gemeente, wijk and buurt, and a situation filled from it."""
