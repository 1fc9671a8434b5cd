"""Seals (封签): a signed, ever-growing Merkle tree over the heads of all chains.

A chain shows that nobody changed a matter's past without also changing all that follows. Whoever can rewrite the
database can do just that, and a seal that lies elsewhere is what gives them away. The formats are those of
Certificate Transparency (RFC 6962) and its successors (C2SP tlog-checkpoint, signed-note), so that other people's tools
can read them.
"""
