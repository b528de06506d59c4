package dev.byol.augment;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A deterministic change of an image, such as {@code Brightness[factor=1.2]}. The library's operations are records: equal
 * parameters mean equal results, and {@code toString} tells everything. As an augmentation, an operation always draws
 * itself.
 */
public interface Operation extends Augmentation {
    /** Replaces the canvas's image by the changed one. */
    void apply(Canvas canvas);

    /** The size of the result on an image of the given size; the same size unless an operation says otherwise. */
    default Size resultOf(Size input) {
        return input;
    }

    /** Whether images with this many channels can be changed; any unless an operation says otherwise. */
    default boolean accepts(int channels) {
        return true;
    }

    /** The pixels that the result on an image of the given size depends on; all of them unless an operation says otherwise. */
    default Region reads(Size input) {
        return Region.of(input);
    }

    /** The changed image, as a new one. */
    default Image apply(Image image) {
        Canvas canvas = new Canvas();
        canvas.load(image);
        apply(canvas);
        return canvas.image();
    }

    /**
     * The operations of this library of which a list printed this text, such as the drawn ones that stand in a report.
     *
     * @throws IllegalArgumentException if the text is none of theirs, with the position of what is wrong
     */
    static List<Operation> parseList(String text) {
        return Parser.parseList(text, Operation.class);
    }

    @Override
    default List<Operation> draw(RandomGenerator random, Size input) {
        return List.of(this);
    }
}
