"""The program: reads settings, wires the rooms, understands people."""
