package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.augment.Image;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PicturesTest {
    private static Picture picture(int width, int height) {
        byte[] samples = new byte[3 * width * height];
        Arrays.fill(samples, (byte) 77);
        return Pictures.of(new Image(width, height, 3, samples));
    }

    @Test
    void of_largeImage_isReducedInItsProportions() {
        Picture picture = picture(4000, 3000);
        assertThat(picture.width()).isEqualTo(160);
        assertThat(picture.height()).isEqualTo(120);
        assertThat(picture.rgb()).hasSize(3 * 160 * 120).containsOnly(77);
    }

    @Test
    void of_smallImage_isUntouched_andAStripKeepsAPixel() {
        assertThat(picture(160, 3).height()).isEqualTo(3);
        assertThat(picture(1, 100_000).width()).isEqualTo(1);
        assertThat(picture(1, 100_000).height()).isEqualTo(160);
    }
}
