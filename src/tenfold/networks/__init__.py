"""Networks as arrays: graphs in compressed rows, and seeded generators."""
