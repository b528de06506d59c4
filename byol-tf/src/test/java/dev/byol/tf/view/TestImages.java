package dev.byol.tf.view;

import dev.byol.augment.Image;
import java.util.List;
import java.util.Random;

/** Images that are hard in different ways. */
final class TestImages {
    private TestImages() {}

    /** Noise, saturated colours, a slope, one colour, black, white. */
    static List<Image> all(int width, int height) {
        return List.of(
                noise(1, width, height),
                saturated(2, width, height),
                slope(width, height),
                constant(width, height, 200, 13, 77),
                constant(width, height, 0, 0, 0),
                constant(width, height, 255, 255, 255));
    }

    static Image noise(long seed, int width, int height) {
        byte[] samples = new byte[3 * width * height];
        new Random(seed).nextBytes(samples);
        return new Image(width, height, 3, samples);
    }

    /** Samples that are 0, 1, 127, 128, 254 or 255: equal channels, full ranges. */
    private static Image saturated(long seed, int width, int height) {
        byte[] levels = {0, 1, 127, (byte) 128, (byte) 254, (byte) 255};
        byte[] samples = new byte[3 * width * height];
        Random random = new Random(seed);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = levels[random.nextInt(levels.length)];
        }
        return new Image(width, height, 3, samples);
    }

    private static Image slope(int width, int height) {
        byte[] samples = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = 3 * (y * width + x);
                samples[at] = (byte) (255 * x / width);
                samples[at + 1] = (byte) (255 * y / height);
                samples[at + 2] = (byte) (40 + 3 * x + 2 * y);
            }
        }
        return new Image(width, height, 3, samples);
    }

    private static Image constant(int width, int height, int red, int green, int blue) {
        byte[] samples = new byte[3 * width * height];
        for (int i = 0; i < samples.length; i += 3) {
            samples[i] = (byte) red;
            samples[i + 1] = (byte) green;
            samples[i + 2] = (byte) blue;
        }
        return new Image(width, height, 3, samples);
    }
}
