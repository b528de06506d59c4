package dev.byol.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RegionTest {
    @Test
    void union_isTheSmallestThatHoldsBoth() {
        assertThat(new Region(2, 5, 3, 4).union(new Region(4, 1, 10, 2))).isEqualTo(new Region(2, 1, 12, 8));
        assertThat(new Region(0, 0, 9, 9).union(new Region(3, 3, 1, 1))).isEqualTo(new Region(0, 0, 9, 9));
    }

    @Test
    void within_untilTheLastPixel() {
        assertThat(Region.of(new Size(7, 3)).isWithin(new Size(7, 3))).isTrue();
        assertThat(new Region(0, 1, 3, 7).isWithin(new Size(7, 3))).isFalse();
        assertThat(new Region(1, 0, 3, 7).isWithin(new Size(7, 3))).isFalse();
        assertThat(new Region(Integer.MAX_VALUE, 0, 1, 1).isWithin(new Size(7, 3)))
                .isFalse();
    }

    @Test
    void empty_refused() {
        assertThatThrownBy(() -> new Region(0, 0, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("height must be at least 1, got 0");
        assertThatThrownBy(() -> new Region(-1, 0, 1, 1)).hasMessage("top must be at least 0, got -1");
    }

    @Test
    void crop_readsItsRectangle_othersEverything() {
        Size size = new Size(20, 10);
        assertThat(new ResizedCrop(1, 2, 3, 4, new Size(8, 8)).reads(size)).isEqualTo(new Region(1, 2, 3, 4));
        assertThat(new CenterCrop(4).reads(size)).isEqualTo(new Region(3, 8, 4, 4));
        assertThat(new CenterCrop(5).reads(size)).as("half to even").isEqualTo(new Region(2, 8, 5, 5));
        assertThat(new CenterCrop(10).reads(size)).isEqualTo(new Region(0, 5, 10, 10));
        assertThatThrownBy(() -> new CenterCrop(11).reads(size))
                .hasMessage("CenterCrop[side=11] does not fit in an image of 20x10");
        assertThat(new HorizontalFlip().reads(size)).isEqualTo(new Region(0, 0, 10, 20));
    }
}
