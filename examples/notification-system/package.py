"""Packs function/ into build/handler.zip. The same source gives the same bytes, so that Terraform sees no change where there is none."""

import pathlib
import zipfile

here = pathlib.Path(__file__).parent
source = here / "function"
target = here / "build" / "handler.zip"
target.parent.mkdir(exist_ok=True)

with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
    for path in sorted(source.rglob("*.py")):
        entry = zipfile.ZipInfo(str(path.relative_to(source)), date_time=(1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        package.writestr(entry, path.read_bytes())

print(target)
