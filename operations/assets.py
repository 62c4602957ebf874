"""Static files under names that carry their content's hash, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Hashed(CompressedManifestStaticFilesStorage):
    """Hashed and compressed; `import` statements in our modules are rewritten to the hashed names too."""

    support_js_module_import_aggregation = True
