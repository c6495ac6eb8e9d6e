"""What each stage does with its tables: its body reads from a run and keeps to it.

Pure functions of the stage packages do the work. How a body is run (batches, processes) belongs to ``engine``.
"""

from pipeline.steps.step import STEPS, Step

__all__ = ["STEPS", "Step"]
