"""French street lines mended and tidied before they are read: see ../README.md."""
