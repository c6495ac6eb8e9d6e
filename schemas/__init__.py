"""The contracts: the only place where a table's columns, types, keys and rules are declared."""

import schemas.lean  # noqa: F401  # first
from schemas.contract import ContractError, Split, Table
from schemas.registry import TABLES
from schemas.rule import Bounds, Reference, Rule, RuleResult

__all__ = ["TABLES", "Bounds", "ContractError", "Reference", "Rule", "RuleResult", "Split", "Table"]
