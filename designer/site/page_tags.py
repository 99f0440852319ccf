"""Template tags of the pages before the application."""

from django import template

from designer.site.bundle import Bundle, bundle

register = template.Library()


@register.simple_tag(name="bundle")
def _bundle() -> Bundle | None:
    """The built front end; None when it has not been built."""
    return bundle()
