"""The durable side of the kernel: matters, journal, deadlines, tasks, evidence, documents, outbox, seals, figures."""
