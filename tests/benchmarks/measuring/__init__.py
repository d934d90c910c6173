"""How well the measurer measures: every figure of the protocol, with n and intervals."""
