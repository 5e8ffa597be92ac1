"""Frozen dataclasses made as fast as others.

The `__init__` of a frozen dataclass sets every field through `object.__setattr__`, which takes ten times as long as an assignment:
more than SQLite needs to find the row. Here a new object is of a subclass that is not
frozen until its fields are assigned; it has the same layout, so that its class can be changed.
"""

from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any, TypeVar

T = TypeVar("T")


def is_frozen(make: object) -> bool:
    """Whether `quick` may be used: a frozen dataclass with slots whose `__init__` does nothing but take its fields in order."""
    parameters = getattr(make, "__dataclass_params__", None)
    if not (parameters and parameters.frozen and "__slots__" in vars(make)) or hasattr(make, "__post_init__"):
        return False
    return all(one.init and not one.kw_only and one.default_factory is MISSING for one in fields(make))  # type: ignore[arg-type]


def quick(frozen: type[T]) -> type[T]:
    """Decorates a frozen dataclass that is made very often; it stays frozen."""
    assert is_frozen(frozen)
    known = {"set_class": object.__setattr__, "Thawed": _thawed(frozen), "Frozen": frozen}
    frozen.__init__ = _init(  # type: ignore[method-assign]
        frozen, ["set_class(self, '__class__', Thawed)", *_assignments(frozen), "self.__class__ = Frozen"], known
    )
    return frozen


def maker(frozen: type[T]) -> Callable[..., T]:
    """Makes them from their fields in order."""
    thawed = _thawed(frozen)
    thawed.__init__ = _init(frozen, _assignments(frozen), {})  # type: ignore[method-assign]

    def make(*values: Any) -> T:
        made = thawed(*values)
        made.__class__ = frozen
        return made

    return make


def _thawed(frozen: type[T]) -> type[T]:
    unfrozen = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(frozen.__name__, (frozen,), {"__slots__": (), **unfrozen})


def _assignments(frozen: type[Any]) -> list[str]:
    return [f"self.{one.name} = {one.name}" for one in fields(frozen)]


def _init(frozen: type[Any], body: list[str], known: dict[str, Any]) -> Any:
    """As its own `__init__` from outside."""
    names = ", ".join(one.name for one in fields(frozen))
    exec("\n    ".join([f"def __init__(self, {names}):", *body]), known)  # noqa: S102 - made of the names of our own fields
    made, own = known["__init__"], frozen.__init__
    made.__defaults__, made.__annotations__, made.__doc__ = own.__defaults__, own.__annotations__, own.__doc__
    return made
