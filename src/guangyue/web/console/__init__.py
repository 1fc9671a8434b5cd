"""The console (工作台): lists, map, matters and figures for staff; live, and whole without JavaScript."""
