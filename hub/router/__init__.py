"""The router process: intake, engine, runner, notifier. The only writer of a municipality's
journal."""
