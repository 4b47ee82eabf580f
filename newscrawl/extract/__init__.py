"""From a page's bytes to its values, without I/O: `layers.extract` goes through the layers, one module holds each part."""
