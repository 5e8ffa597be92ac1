"""Time: what happens by itself. The timetable sets the beat, ticks make each beat count once, sweeps do what is due."""
