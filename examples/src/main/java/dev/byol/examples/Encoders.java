package dev.byol.examples;

import dev.byol.tf.FrozenEncoder;
import java.io.IOException;
import java.nio.file.Path;

/** Exported encoders that commands take by {@code --model}. */
final class Encoders {
    private Encoders() {}

    /** Where {@code pretrain} exports the same network before its training: beside the encoder. */
    static Path untrained(Path model) {
        Path whole = model.toAbsolutePath().normalize();
        Path name = whole.getFileName();
        return name == null ? whole : whole.resolveSibling(name + "-untrained");
    }

    /**
     * Loads an encoder of square RGB images. A SavedModel is a program, which loading and embedding run: only what one trusts.
     *
     * @throws IOException if the folder is missing or holds no encoder
     * @throws BadInput if it takes other images
     */
    static FrozenEncoder load(Path model) throws IOException {
        FrozenEncoder encoder = FrozenEncoder.loadTrusted(model);
        if (encoder.height() != encoder.width() || encoder.channels() != 3) {
            encoder.close();
            throw new BadInput(model + " takes images " + encoder.height() + "x" + encoder.width() + "x"
                    + encoder.channels() + ", expected squares of 3 channels");
        }
        return encoder;
    }
}
