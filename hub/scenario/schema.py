"""The JSON schema of the scenario format, made from its model: `python -m hub.scenario.schema`."""

import json

from hub.scenario.model import ScenarioFile


def schema() -> str:
    """Return docs/scenario.schema.json."""
    made = ScenarioFile.model_json_schema(mode="validation")
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(made, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(schema(), end="")  # noqa: T201 what the command is for
