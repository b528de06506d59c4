package dev.byol.augment.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.CenterCrop;
import dev.byol.augment.Image;
import dev.byol.augment.Region;
import dev.byol.augment.ResizeShorterSide;
import dev.byol.augment.Size;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import dev.byol.augment.io.LazyImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainImagesTest {
    /** Uniform images of value 10 * index; 0 is 4x4, 1 is larger, 2 is broken, 3 is wide, 4 is smaller. */
    private static final ImageSource SOURCE = new ImageSource() {
        @Override
        public int size() {
            return 5;
        }

        @Override
        public Image image(int index) throws IOException {
            return switch (index) {
                case 0 -> uniform(4, 4, 0);
                case 1 -> uniform(9, 9, 10);
                case 3 -> uniform(11, 6, 30);
                case 4 -> uniform(2, 3, 40);
                default -> throw new IOException("broken");
            };
        }

        @Override
        public int label(int index) {
            return 100 + index;
        }
    };

    private static Image uniform(int width, int height, int value) {
        byte[] samples = new byte[width * height * 3];
        Arrays.fill(samples, (byte) value);
        return new Image(width, height, 3, samples);
    }

    @Test
    void read_skipsTheUnreadable_andSaysWhichWereKept() {
        PlainImages images = PlainImages.read(SOURCE, 4);
        assertThat(images.size()).isEqualTo(4);
        assertThat(images.skipped()).isEqualTo(1);
        assertThat(images.indices()).containsExactly(0, 1, 3, 4);
        assertThat(images.labels()).containsExactly(100, 101, 103, 104);
        assertThat(images.samples()).hasSize(4 * 48);
        for (int i = 0; i < 4; i++) {
            assertThat(images.samples()[i * 48 + 47]).isEqualTo((byte) (10 * images.indices()[i]));
        }
    }

    @Test
    void read_ofThatSize_isUntouched() throws IOException {
        byte[] samples = new byte[48];
        for (int i = 0; i < 48; i++) {
            samples[i] = (byte) (5 * i);
        }
        Image image = new Image(4, 4, 3, samples);
        ImageSource one = new ImageSource() {
            @Override
            public int size() {
                return 3;
            }

            @Override
            public Image image(int index) {
                return image;
            }
        };
        assertThat(PlainImages.read(one, 4, 1, 2).samples()).isEqualTo(samples);
        assertThat(PlainImages.read(one, 4, 2, 2).size()).isZero();
        assertThat(PlainImages.read(one, 4, 1, 3).indices()).containsExactly(1, 2);
    }

    @Test
    void read_ofOneChannel_refusedByName() {
        ImageSource gray = new ImageSource() {
            @Override
            public int size() {
                return 1;
            }

            @Override
            public Image image(int index) {
                return new Image(4, 4, 1, new byte[16]);
            }

            @Override
            public String name(int index) {
                return "gray.png";
            }
        };
        assertThatThrownBy(() -> PlainImages.read(gray, 4))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "gray.png: channels must be 3, got Image[4x4x1]; the builder's channels(1) takes such images");
        PlainImages images = PlainImages.builder(gray, 2).channels(1).read();
        assertThat(images.channels()).isEqualTo(1);
        assertThat(images.samples()).containsExactly(0, 0, 0, 0);
        assertThatThrownBy(images::floatSamples)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the images were read as bytes, which samples() gives");
    }

    @Test
    void read_asFloats_takesBytesAndFloats() {
        float[] floats = {0, 0.125f, 0.5f, 1, 1, 1, 1, 0};
        ImageSource mixed = new ImageSource() {
            @Override
            public int size() {
                return 3;
            }

            @Override
            public Image image(int index) throws IOException {
                return switch (index) {
                    case 0 -> new Image(2, 2, 2, floats);
                    case 2 -> new Image(2, 2, 2, new byte[] {0, 51, 102, (byte) 255, 1, 2, 3, 4});
                    default -> throw new IOException("broken");
                };
            }

            @Override
            public String name(int index) {
                return index + ".tif";
            }
        };
        PlainImages images =
                PlainImages.builder(mixed, 2).channels(2).floats(true).read();
        assertThat(images.indices()).containsExactly(0, 2);
        assertThat(images.floatSamples())
                .containsExactly(
                        0, 0.125f, 0.5f, 1, 1, 1, 1, 0, 0, 0.2f, 0.4f, 1, 1 / 255f, 2 / 255f, 3 / 255f, 4 / 255f);
        assertThatThrownBy(images::samples)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the images were read as floats, which floatSamples() gives");
        assertThatThrownBy(() -> PlainImages.builder(mixed, 2).channels(2).read(0, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "0.tif: samples must be bytes, got Image[2x2x2 float]; the builder's floats(true) takes both");
        assertThatThrownBy(() -> PlainImages.builder(mixed, 2).channels(0))
                .hasMessage("channels must be at least 1, got 0");
    }

    @Test
    void read_ofStrips_skipsThoseThatAreTooElongated() {
        ImageSource strips = new ImageSource() {
            @Override
            public int size() {
                return 3;
            }

            @Override
            public Image image(int index) {
                return index == 0 ? uniform(1, 100_000, 0) : index == 1 ? uniform(100, 1, 1) : uniform(1, 101, 2);
            }
        };
        PlainImages images = PlainImages.read(strips, 96);
        assertThat(images.indices()).containsExactly(1);
        assertThat(images.skipped()).isEqualTo(2);
        assertThat(PlainImages.read(strips, 1).indices())
                .as("nothing is enlarged")
                .containsExactly(0, 1, 2);
    }

    @Test
    void read_ofAStrip_refusesItBeforeItIsDecoded_andDecodesNoMoreThanTheViewReads() {
        ImageSource lazy = new ImageSource() {
            @Override
            public int size() {
                return 2;
            }

            @Override
            public Image image(int index) {
                throw new AssertionError("all is decoded");
            }

            @Override
            public LazyImage open(int index) {
                return new LazyImage() {
                    @Override
                    public Size size() {
                        return index == 0 ? new Size(20_000, 1) : new Size(5, 4);
                    }

                    @Override
                    public Image decode() {
                        throw new AssertionError("all is decoded");
                    }

                    @Override
                    public Image decode(Region needed) {
                        assertThat(index).as("decoded").isEqualTo(1);
                        assertThat(needed).isEqualTo(new Region(1, 2, 2, 2));
                        return uniform(5, 4, 7);
                    }
                };
            }
        };
        View cropped = new View(2, List.of(new CenterCrop(2)));
        View enlarged = new View(
                2,
                List.of((random, size) -> size.height() == 1
                        ? List.of(new ResizeShorterSide(256), new CenterCrop(2))
                        : List.of(new CenterCrop(2))));
        assertThatThrownBy(() -> PlainImages.builder(lazy, cropped).read())
                .hasMessageContaining("does not fit in an image of 20000x1");
        PlainImages images = PlainImages.builder(lazy, enlarged).read();
        assertThat(images.indices()).containsExactly(1);
        assertThat(images.samples()).containsOnly(7).hasSize(12);
    }

    @Test
    void read_moreThanAnArrayHolds_refused() {
        assertThatThrownBy(() -> PlainImages.read(SOURCE, 20_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("5 images of 20000x20000x3 do not fit in one array; at most 1 do");
        assertThatThrownBy(() -> PlainImages.read(SOURCE, 4, 3, 6)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
