package dev.byol.examples;

import dev.byol.augment.Image;
import dev.byol.augment.io.ImageSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Tells whether a source is the one that a run began with, wherever it lies now: a digest of the number of images, the last part of each
 * one's name, the labels, and the pixels of a few images from the first to the last.
 */
final class DataFingerprint {
    private static final int LOOKED_AT = 16;

    private DataFingerprint() {}

    /** In hexadecimal. An image that cannot be read counts as such. */
    static String of(ImageSource source) {
        MessageDigest sha = sha();
        int size = source.size();
        add(sha, size);
        for (int i = 0; i < size; i++) {
            String name = source.name(i);
            add(sha, name.substring(name.lastIndexOf('/') + 1));
            add(sha, source.label(i));
        }
        for (int i = 0; i < Math.min(size, LOOKED_AT); i++) {
            add(sha, source, (int) ((long) i * (size - 1) / Math.max(1, Math.min(size, LOOKED_AT) - 1)));
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static void add(MessageDigest sha, ImageSource source, int index) {
        Image image;
        try {
            image = source.image(index);
        } catch (IOException e) {
            add(sha, "unreadable");
            return;
        }
        add(sha, image.width());
        add(sha, image.height());
        add(sha, image.channels());
        sha.update(image.toBytes().samples());
    }

    private static void add(MessageDigest sha, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        add(sha, bytes.length);
        sha.update(bytes);
    }

    private static void add(MessageDigest sha, int number) {
        sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
    }

    private static MessageDigest sha() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}
