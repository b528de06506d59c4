package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.augment.Image;
import dev.byol.augment.io.ImageSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DataFingerprintTest {
    /** Grey images of one pixel; one that is negative cannot be read. */
    private record Pixels(String folder, List<Integer> greys, int label) implements ImageSource {
        @Override
        public int size() {
            return greys.size();
        }

        @Override
        public Image image(int index) throws IOException {
            if (greys.get(index) < 0) {
                throw new IOException("unreadable");
            }
            return new Image(1, 1, 1, new byte[] {greys.get(index).byteValue()});
        }

        @Override
        public int label(int index) {
            return label;
        }

        @Override
        public String name(int index) {
            return folder + "/" + index + ".png";
        }
    }

    private static Pixels pixels(int size) {
        return new Pixels("a", IntStream.range(0, size).boxed().toList(), 0);
    }

    @Test
    void folder_doesNotMatter_numberPixelsAndLabelsDo() {
        String fingerprint = DataFingerprint.of(pixels(40));
        assertThat(fingerprint)
                .hasSize(64)
                .isEqualTo(DataFingerprint.of(new Pixels("/b/c", pixels(40).greys(), 0)));
        List<Integer> reversed = new ArrayList<>(pixels(40).greys());
        Collections.reverse(reversed);
        assertThat(List.of(
                        DataFingerprint.of(pixels(41)),
                        DataFingerprint.of(new Pixels("a", reversed, 0)),
                        DataFingerprint.of(new Pixels("a", pixels(40).greys(), 1)),
                        DataFingerprint.of(pixels(0)),
                        DataFingerprint.of(pixels(1)),
                        DataFingerprint.of(new Pixels("a", List.of(-1), 0)),
                        fingerprint))
                .doesNotHaveDuplicates();
    }

    @Test
    void firstAndLastImage_areLookedAt() {
        for (int at : new int[] {0, 99}) {
            List<Integer> greys = new ArrayList<>(pixels(100).greys());
            greys.set(at, 200);
            assertThat(DataFingerprint.of(new Pixels("a", greys, 0))).isNotEqualTo(DataFingerprint.of(pixels(100)));
        }
    }
}
