"""An installation's programs kept running: one supervisor above the database, the web workers and the runners (值守).

Theory of operation. `keeping` says what is to happen with one program, `house` with all of them together; both are pure:
no process, no clock, they are told what happened and answer with what is to be done. `supervisor` is the only part that
starts, hears and ends processes. A program tells through a pipe that it is ready and, from then on, that it lives
(`pulse`). Nothing outlives the supervisor: the kernel ends every program with it (`birth`).

What is listened on belongs to the supervisor: while a web worker is replaced, connections wait in line and none is refused.
This package knows no page and no matter; what it starts stands in `programs`.
"""
