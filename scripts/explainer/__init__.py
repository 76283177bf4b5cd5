"""Explains one policy: source text, tables, charts, web site and meeting edition."""
