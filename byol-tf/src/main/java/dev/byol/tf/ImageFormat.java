package dev.byol.tf;

import dev.byol.api.Shape;
import java.util.List;

/**
 * The images that a network takes: uint8 {@code [B, height, width, channels]}, normalised in the graph as
 * {@code (x / 255 - mean) / deviation}, channel by channel.
 *
 * @param mean of each channel, in [0, 1]
 * @param deviation of each channel, above 0
 */
public record ImageFormat(int height, int width, int channels, List<Double> mean, List<Double> deviation) {
    private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
    private static final List<Double> IMAGENET_DEVIATION = List.of(0.229, 0.224, 0.225);

    public ImageFormat {
        if (height < 1 || width < 1 || channels < 1) {
            throw new IllegalArgumentException(
                    "height, width and channels must be at least 1, got " + height + ", " + width + ", " + channels);
        }
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (mean.size() != channels || deviation.size() != channels) {
            throw new IllegalArgumentException("mean and deviation need one value for each of " + channels
                    + " channels, got " + mean + " and " + deviation);
        }
        if (deviation.stream().anyMatch(d -> !(d > 0))) {
            throw new IllegalArgumentException("deviations must be above 0, got " + deviation);
        }
    }

    /** Square RGB images with ImageNet's mean and deviation, as in the papers. */
    public static ImageFormat rgb(int size) {
        return new ImageFormat(size, size, 3, IMAGENET_MEAN, IMAGENET_DEVIATION);
    }

    /** The number of values of an image. */
    public int size() {
        return Math.multiplyExact(Math.multiplyExact(height, width), channels);
    }

    Shape batch(int images) {
        return Shape.of(images, height, width, channels);
    }
}
