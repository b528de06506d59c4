package dev.byol.tf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The checksums of a file of tensors. The first text of the header is the SHA-256 of the header itself, computed with zeros in
 * its place; the header holds the SHA-256 of each tensor. So whatever is wrong in the file has a name: the header or a tensor.
 */
final class Seal {
    /** The key of the checksums of the tensors, in their order, in hexadecimal, with a space between. */
    static final String TENSORS = "sha256_tensors";

    private static final String KEY = "sha256";
    private static final String START = "{\"" + Safetensors.METADATA + "\":{\"" + KEY + "\":\"";
    private static final int DIGITS = 64;

    private Seal() {}

    static String key() {
        return KEY;
    }

    /** What stands for the checksum while there is none. */
    static String blank() {
        return "0".repeat(DIGITS);
    }

    /** In hexadecimal; the buffer stays as it is. */
    static String of(ByteBuffer bytes) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(bytes.duplicate());
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    /** Puts the checksum into a header that was written with a blank one. */
    static void close(byte[] header) {
        put(header, of(ByteBuffer.wrap(header)));
    }

    /** Whether a header begins as sealed ones do. */
    static boolean isOn(byte[] header) {
        byte[] start = START.getBytes(StandardCharsets.UTF_8);
        return header.length >= start.length + DIGITS && Arrays.equals(header, 0, start.length, start, 0, start.length);
    }

    /** Whether a sealed header is the one that was written. */
    static boolean isWhole(byte[] header) {
        String found = new String(header, START.length(), DIGITS, StandardCharsets.ISO_8859_1);
        byte[] blank = header.clone();
        put(blank, blank());
        return of(ByteBuffer.wrap(blank)).equals(found);
    }

    private static void put(byte[] header, String digits) {
        byte[] bytes = digits.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, START.length(), DIGITS);
    }
}
