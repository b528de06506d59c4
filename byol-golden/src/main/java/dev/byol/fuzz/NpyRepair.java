package dev.byol.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the numbers of damaged {@code .npy} files fit one another again. */
public final class NpyRepair {
    private static final Pattern SHAPE =
            Pattern.compile("'[<>|=]?[a-z](\\d).*'shape': ?\\(([\\d, ]*)\\)", Pattern.DOTALL);
    private static final int START = 10;
    private static final int MOST_BYTES = 1 << 14;

    private NpyRepair() {}

    /** The same file with a header that ends with its line, and with as many bytes behind it as it says, unless they are many. */
    public static byte[] repaired(byte[] npy) {
        String text = new String(npy, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\n', START + 1);
        if (end < 0) {
            return npy;
        }
        int begin = end + 1;
        byte[] repaired = Arrays.copyOf(npy, begin + bytes(text.substring(0, end), npy.length - begin));
        ByteBuffer header = ByteBuffer.wrap(repaired).order(ByteOrder.LITTLE_ENDIAN);
        if (repaired[6] == 1) {
            header.putShort(8, (short) (begin - START));
        } else {
            header.putInt(8, begin - START - 2);
        }
        return repaired;
    }

    private static int bytes(String header, int there) {
        Matcher shape = SHAPE.matcher(header);
        if (!shape.find()) {
            return there;
        }
        double bytes = Double.parseDouble(shape.group(1));
        for (String size : shape.group(2).split(",", -1)) {
            bytes *= size.isBlank() ? 1 : Double.parseDouble(size.replace(" ", ""));
        }
        return bytes <= MOST_BYTES ? (int) bytes : there;
    }
}
