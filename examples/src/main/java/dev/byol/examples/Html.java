package dev.byol.examples;

/** Text for HTML. */
final class Html {
    private Html() {}

    /** The text with the five characters that mean something to HTML replaced; for contents and quoted attributes. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
