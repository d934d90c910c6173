"""Path-traced scenes to test with: other shapes, papers, tables, lights, lens and seeds than training draws."""
