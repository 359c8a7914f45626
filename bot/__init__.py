"""The machine: settings, command line, wiring, platforms, rendering, web endpoint."""
