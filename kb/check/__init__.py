"""What must hold of ontology, knowledge and rules: `wijkaanpak controleer`."""
