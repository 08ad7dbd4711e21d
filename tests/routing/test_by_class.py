"""What is done with a fact is found by its class, as `functools.singledispatch` would find it."""

from functools import singledispatch

from routing.by_class import ByClass, registered


class Base:
    pass


class Child(Base):
    pass


class Other:
    pass


@singledispatch
def name(one: object) -> str:
    return "default"


@name.register
def _(one: Base) -> str:
    return "base"


def test_a_class_is_looked_up_once_and_inherits() -> None:
    asked: list[type] = []

    def find(kind: type) -> str:
        asked.append(kind)
        return kind.__name__

    table = ByClass(find)
    assert [table[Child], table[Child], table[Other]] == ["Child", "Child", "Other"]
    assert asked == [Child, Other]


def test_only_the_default_counts_as_nothing_registered() -> None:
    found = registered(name, Child)
    assert found is not None
    assert found(Child()) == "base"
    assert registered(name, Other) is None
