"""The sole home of inference runtimes: one module a runtime, each loaded when it is needed."""
