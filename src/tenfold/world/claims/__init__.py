"""The claims of the source text, each as an experiment."""
