"""What the engine does about the reference library: says what stands in it, and changes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from inspector.job import Job
from inspector.shelf_results import Shelf


def _look(params: Mapping[str, Any], job: Job) -> Shelf:
    from inspector.references.shelf_view import shelf

    return shelf(params["library"], job)


def _add(params: Mapping[str, Any], job: Job) -> Shelf:
    from inspector.references.shelf_view import add_all

    return add_all(params["library"], params["references"], job)


def _remove(params: Mapping[str, Any], job: Job) -> Shelf:
    from inspector.references.shelf_view import remove_all

    return remove_all(params["library"], params["names"], job)


def _restore(params: Mapping[str, Any], job: Job) -> Shelf:
    from inspector.references.shelf_view import restore_all

    return restore_all(params["library"], params["names"], job)


def _import(params: Mapping[str, Any], job: Job) -> Shelf:
    from inspector.references.shelf_view import import_file

    return import_file(params["library"], params["path"], unsigned=params["unsigned"], job=job)


def _export(params: Mapping[str, Any], job: Job) -> Shelf:
    from inspector.references.shelf_view import export_file

    return export_file(params["library"], params["names"], params["output"], job)


LIBRARY_HANDLERS: Mapping[str, Callable[[Mapping[str, Any], Job], Shelf]] = {
    "library": _look,
    "library_add": _add,
    "library_remove": _remove,
    "library_restore": _restore,
    "library_import": _import,
    "library_export": _export,
}
