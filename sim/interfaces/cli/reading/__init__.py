"""Commands that read finished results: discover, robust, enough."""
