-- Figures by block are kept by spans of 1, 4, 16 and 64 days instead of days and months: any window is read as a few of them.
delete from figure_block where grain = 'month';
alter table figure_block drop constraint figure_block_grain_check;
alter table figure_block alter column grain type smallint using 1;
alter table figure_block rename column grain to span;
alter table figure_block add constraint figure_block_span_check check (span in (1, 4, 16, 64));
insert into figure_block (span, procedure, figure, day, block, unit, value)
select s.span, procedure, figure, day - (day - date '1900-01-01') % s.span, block, unit, sum(value)
from figure_block cross join (values (4), (16), (64)) s (span) group by 1, 2, 3, 4, 5, 6;
