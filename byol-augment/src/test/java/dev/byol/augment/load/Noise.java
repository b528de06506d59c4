package dev.byol.augment.load;

import dev.byol.augment.CounterRandom;
import dev.byol.augment.Image;
import dev.byol.augment.io.ImageSource;
import java.io.IOException;
import java.util.Set;

/** Images of noise, of sizes that differ, with the label index % 5; some cannot be read. */
record Noise(int size, Set<Integer> broken) implements ImageSource {
    static Noise of(int size, Integer... broken) {
        return new Noise(size, Set.of(broken));
    }

    @Override
    public Image image(int index) throws IOException {
        if (broken.contains(index)) {
            throw new IOException("broken");
        }
        int width = 5 + index % 7;
        byte[] samples = new byte[width * 9 * 3];
        CounterRandom random = CounterRandom.of(index, 0, 0, 0);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) random.nextInt(256);
        }
        return new Image(width, 9, 3, samples);
    }

    @Override
    public int label(int index) {
        return index % 5;
    }
}
