-- One block's figures are looked up by the block: they are a fiftieth of what a window holds.
create index figure_block_place on figure_block (block, span, procedure, figure, day) include (unit, value);
