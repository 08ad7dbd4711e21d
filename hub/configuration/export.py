"""The file's model as YAML text, laid out as a person would write it."""

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from hub.configuration.model import MunicipalityFile


def to_yaml(file: MunicipalityFile) -> str:
    """Return YAML 1.2 that reads back to an equal model; defaults are left out."""
    content = file.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for index, listener in enumerate(file.adapters):
        first = {"id": listener.id, "protocol": listener.protocol}
        content["adapters"][index] = first | content["adapters"][index]
    yaml = YAML()
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(_laid_out(content, top=True), out)
    return out.getvalue()


def _laid_out(value: Any, *, top: bool = False) -> Any:
    if isinstance(value, dict):
        found = CommentedMap({key: _laid_out(each) for key, each in value.items()})
        for key in list(value)[1:] if top else ():
            found.yaml_set_comment_before_after_key(key, before="\n")
        return found
    if isinstance(value, list):
        listed = CommentedSeq(_laid_out(each) for each in value)
        if not any(isinstance(each, dict) for each in value):
            listed.fa.set_flow_style()
        return listed
    if isinstance(value, str) and (":" in value or value.lstrip("+").isdecimal()):
        return DoubleQuotedScalarString(value)
    return value
