"""What a page allows the browser to fetch and to run: files of its own site, nothing inline, nothing from elsewhere."""

# Content-Security-Policy. The server may add that no other site frames these pages, which a page cannot say of itself.
CONTENT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'"
)
