"""Positions, reference systems at the border, and areas as sets of hexagons (位置、坐标系、网格)."""
