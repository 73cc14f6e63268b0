"""Placeholder until the contract's own test code is here."""


class _Contract:
    def check_response(self, response: object) -> None:
        """Nothing yet."""


CONTRACT = _Contract()
