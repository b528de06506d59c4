package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.augment.Image;
import dev.byol.augment.Size;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadLeavesTest {
    @Test
    void draw_isAFunctionOfItsArguments() {
        assertThat(DeadLeaves.draw(40, 30, 5))
                .isEqualTo(DeadLeaves.draw(40, 30, 5))
                .isNotEqualTo(DeadLeaves.draw(40, 30, 6));
        assertThat(DeadLeaves.draw(1, 1, 0).size()).isEqualTo(new Size(1, 1));
    }

    @Test
    void parts_haveTheWantedSizes_alsoOfSmallImages() {
        List<Image> images = List.of(DeadLeaves.draw(64, 48, 1), DeadLeaves.draw(7, 90, 2));
        List<Size> sizes = List.of(new Size(32, 24), new Size(100, 10));
        List<Image> parts = DeadLeaves.parts(images, sizes, 40, 3);
        assertThat(parts).hasSize(40).extracting(Image::size).isSubsetOf(sizes).containsAll(sizes);
        assertThat(DeadLeaves.parts(images, sizes, 40, 3)).isEqualTo(parts);
    }

    /** Photographs of this size take 0.15 to 0.35 bytes a pixel at this quality; noise takes 1.5, flat shapes 0.05. */
    @Test
    void jpegFiles_areAsLargeAsThoseOfPhotographs() throws IOException {
        assertThat(AugmentTasks.onMadeImages().jpegBytesPerPixel()).isBetween(0.2, 0.35);
    }
}
