package dev.byol.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

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

    /** A name and its value in a list of facts; both texts are HTML already. */
    static void fact(StringBuilder out, String name, String value) {
        out.append("<div><dt>").append(name).append("</dt><dd>").append(value).append("</dd></div>\n");
    }

    /** Two bars in percent: on learned features and on those of the untrained network. */
    static void score(StringBuilder out, String title, double learned, double untrained) {
        double gain = Math.rint(10 * learned) / 10 - Math.rint(10 * untrained) / 10;
        out.append("<div class=\"card score\"><h3>")
                .append(title)
                .append(gain > 0 ? " <span class=\"gain\">" : " <span class=\"gain none\">")
                .append(String.format(Locale.ROOT, "%+.1f points", gain).replace('-', '\u2212'))
                .append("</span></h3>");
        bar(out, "bar learned", "learned", learned);
        bar(out, "bar", "untrained", untrained);
        out.append("</div>\n");
    }

    /** A bar in percent; the name is HTML already. */
    static void bar(StringBuilder out, String style, String name, double value) {
        out.append("<div class=\"")
                .append(style)
                .append("\"><span class=\"name\">")
                .append(name)
                .append("</span><div class=\"track\"><div class=\"fill\" style=\"width:")
                .append(fixed(value, 2))
                .append("%\"></div></div><span class=\"value\">")
                .append(fixed(value, 1))
                .append("<small>%</small></span></div>");
    }

    /** An image and its caption; both texts are HTML already. */
    static void figure(StringBuilder out, String style, Picture picture, String alt, String caption) {
        out.append("<figure class=\"").append(style).append("\">");
        image(out, picture, alt);
        out.append("<figcaption>").append(caption).append("</figcaption></figure>");
    }

    /** A table of names and values; nothing where there are none. */
    static void table(StringBuilder out, String title, Map<String, ?> entries) {
        if (entries.isEmpty()) {
            return;
        }
        out.append("<div class=\"card\"><h3>").append(title).append("</h3><table>\n");
        entries.forEach((name, value) -> out.append("<tr><th scope=\"row\">")
                .append(escape(name))
                .append("</th><td>")
                .append(escape(String.valueOf(value)))
                .append("</td></tr>\n"));
        out.append("</table></div>\n");
    }

    /** A number of percent, HTML. */
    static String percent(double value) {
        return fixed(value, 1) + "&nbsp;%";
    }

    /** A whole number with its thousands apart. */
    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
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
