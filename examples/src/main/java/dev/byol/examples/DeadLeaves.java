package dev.byol.examples;

import dev.byol.augment.Image;
import dev.byol.augment.ResizedCrop;
import dev.byol.augment.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Made images with the statistics of photographs: discs that hide each other, of every size, with a power law that makes
 * each scale look like the next (Lee, Mumford and Huang 2001, "Occlusion models for natural images"), shaded, with a
 * little noise. Unlike flat shapes or pure noise, they cost filters and JPEG decoders what photographs do.
 */
final class DeadLeaves {
    private static final double LEAST_RADIUS = 10;
    private static final double NOISE = 1.5;

    private final int width;
    private final int height;
    private final SplittableRandom random;
    private final byte[] samples;
    private final boolean[] covered;
    private int left;

    private DeadLeaves(int width, int height, long seed) {
        this.width = width;
        this.height = height;
        random = new SplittableRandom(seed);
        samples = new byte[3 * width * height];
        covered = new boolean[width * height];
        left = covered.length;
    }

    /** Draws an image; a function of its arguments alone. */
    static Image draw(int width, int height, long seed) {
        DeadLeaves leaves = new DeadLeaves(width, height, seed);
        while (leaves.left > 0) {
            leaves.leaf();
        }
        return new Image(width, height, 3, leaves.samples);
    }

    /**
     * Parts of images, in turn, at random places and scales: from a part of the wanted size to as large a one as there is.
     *
     * @param images in RGB
     * @param sizes one is chosen for each part
     */
    static List<Image> parts(List<Image> images, List<Size> sizes, int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Image> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Image image = images.get(i % images.size());
            Size size = sizes.get(random.nextInt(sizes.size()));
            double wide = (double) image.width() / size.width();
            double high = (double) image.height() / size.height();
            double scale = Math.min(wide > 1 ? random.nextDouble(1, wide) : wide, high);
            int width = Math.max(1, (int) (size.width() * scale));
            int height = Math.max(1, (int) (size.height() * scale));
            int top = random.nextInt(image.height() - height + 1);
            int left = random.nextInt(image.width() - width + 1);
            parts.add(new ResizedCrop(top, left, height, width, size).apply(image));
        }
        return parts;
    }

    /** Front to back: a leaf fills what no earlier one has filled. */
    private void leaf() {
        double largest = Math.max(width, height) / 2.0;
        // Radii with density r^-3: the square of 1/r is uniform.
        double inverse = uniform(1 / (largest * largest), 1 / (LEAST_RADIUS * LEAST_RADIUS));
        double radius = 1 / Math.sqrt(inverse);
        double cx = uniform(-radius, width + radius);
        double cy = uniform(-radius, height + radius);
        double light = uniform(45, 210);
        double red = light + uniform(-50, 50);
        double green = light + uniform(-30, 30);
        double blue = light + uniform(-50, 50);
        double slopeX = uniform(-20, 20) / radius;
        double slopeY = uniform(-20, 20) / radius;
        int top = (int) Math.max(0, Math.ceil(cy - radius));
        int bottom = (int) Math.min(height - 1, Math.floor(cy + radius));
        for (int y = top; y <= bottom; y++) {
            double half = Math.sqrt(Math.max(0, radius * radius - (y - cy) * (y - cy)));
            int first = (int) Math.max(0, Math.ceil(cx - half));
            int last = (int) Math.min(width - 1, Math.floor(cx + half));
            for (int x = first; x <= last; x++) {
                int i = y * width + x;
                if (!covered[i]) {
                    covered[i] = true;
                    left--;
                    double shade = slopeX * (x - cx) + slopeY * (y - cy) + NOISE * random.nextGaussian();
                    samples[3 * i] = level(red + shade);
                    samples[3 * i + 1] = level(green + shade);
                    samples[3 * i + 2] = level(blue + shade);
                }
            }
        }
    }

    private static byte level(double value) {
        return (byte) Math.max(0, Math.min(255, Math.round(value)));
    }

    private double uniform(double from, double to) {
        return from + (to - from) * random.nextDouble();
    }
}
