"""The contracts: the only place where a table's columns, types, keys and rules are declared."""

from schemas.contract import ContractError, Split, Table
from schemas.registry import TABLES
from schemas.rule import Reference, Rule, RuleResult

__all__ = ["TABLES", "ContractError", "Reference", "Rule", "RuleResult", "Split", "Table"]
