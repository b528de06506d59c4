package dev.byol.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What pages are made of. They ask for nothing from outside: styles are in them, images are data addresses. */
final class Html {
    private static final int FEW_PIXELS = 64;

    private Html() {}

    /** The text with the five characters that mean something to HTML replaced; for contents and quoted attributes. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** A number with so many digits after the point, and a minus as wide as a plus; what rounds to 0 has none. */
    static String fixed(double value, int digits) {
        String text = String.format(Locale.ROOT, "%." + digits + "f", value);
        return text.matches("-[0.]+") ? text.substring(1) : text.replace('-', '\u2212');
    }

    /**
     * A whole page.
     *
     * @param title HTML
     * @param content HTML, of the page's main part
     * @param styleSheets resources beside this class, the later ones above the earlier ones
     */
    static String page(String title, CharSequence content, String... styleSheets) {
        StringBuilder out = new StringBuilder(content.length() + (1 << 14));
        out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<link rel=\"icon\" href=\"data:,\">\n<title>")
                .append(title)
                .append("</title>\n<style>\n");
        for (String name : styleSheets) {
            out.append(resource(name));
        }
        return out.append("</style>\n</head>\n<body>\n<main>\n")
                .append(content)
                .append("</main>\n</body>\n</html>\n")
                .toString();
    }

    /** Opens a section; both texts are HTML already. */
    static void section(StringBuilder out, String title, String explanation) {
        out.append("<section>\n<h2>")
                .append(title)
                .append("</h2>\n<p class=\"what\">")
                .append(explanation)
                .append("</p>\n");
    }

    /** An image; the text that stands for it is HTML already. */
    static void image(StringBuilder out, Picture picture, String alt) {
        out.append("<img")
                .append(picture.width() < FEW_PIXELS ? " class=\"pixels\"" : "")
                .append(" width=\"")
                .append(picture.width())
                .append("\" height=\"")
                .append(picture.height())
                .append("\" alt=\"")
                .append(alt)
                .append("\" src=\"")
                .append(Png.dataUri(picture.rgb(), picture.height(), picture.width()))
                .append("\">");
    }

    private static String resource(String name) {
        try (InputStream in = Html.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not beside Html");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
