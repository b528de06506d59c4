package dev.byol.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ImageTest {
    @Test
    void unsigned16_everyValue_isDividedExactly() {
        short[] samples = new short[65536];
        for (int v = 0; v < samples.length; v++) {
            samples[v] = (short) v;
        }
        float[] floats = Image.ofUnsigned16(256, 64, 4, samples).floatSamples();
        for (int v = 0; v < samples.length; v++) {
            assertThat(floats[v]).isEqualTo(v / 65535f);
        }
    }

    @Test
    void bytes_toFloatsAndBack_areTheSame() {
        byte[] samples = new byte[256];
        for (int v = 0; v < samples.length; v++) {
            samples[v] = (byte) v;
        }
        Image image = new Image(8, 16, 2, samples);
        Image floats = image.toFloats();
        for (int v = 0; v < samples.length; v++) {
            assertThat(floats.floatSamples()[v]).isEqualTo(v / 255f);
        }
        assertThat(floats.toBytes()).isEqualTo(image).hasSameHashCodeAs(image);
        assertThat(image.toBytes()).isSameAs(image);
        assertThat(floats.toFloats()).isSameAs(floats);
        assertThat(new Image(2, 1, 1, new float[] {0.499f / 255, 0.501f / 255}).toBytes())
                .isEqualTo(new Image(2, 1, 1, new byte[] {0, 1}));
    }

    @Test
    void samples_ofTheOtherType_refused() {
        Image bytes = new Image(1, 2, 3, new byte[6]);
        Image floats = new Image(1, 2, 3, new float[6]);
        assertThat(bytes.isFloat()).isFalse();
        assertThat(floats.isFloat()).isTrue();
        assertThatThrownBy(bytes::floatSamples)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Image[1x2x3] has byte samples: samples() gives them, toFloats() converts them");
        assertThatThrownBy(floats::samples)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Image[1x2x3 float] has float samples: floatSamples() gives them, toBytes() rounds them");
        assertThatThrownBy(() -> floats.sample(0, 0, 0)).isInstanceOf(IllegalStateException.class);
        Canvas canvas = new Canvas();
        assertThatThrownBy(() -> canvas.render(bytes, List.of(), new float[6], 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the image has byte samples");
        assertThatThrownBy(() -> canvas.render(floats, List.of(), new byte[6], 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the image has float samples");
        canvas.load(floats);
        assertThatThrownBy(() -> canvas.target(1, 1)).isInstanceOf(IllegalStateException.class);
        canvas.load(bytes);
        assertThatThrownBy(() -> canvas.floatTarget(1, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void floats_outsideTheirRange_refusedWithTheirPlace() {
        for (float wrong : new float[] {-0.001f, 1.001f, Float.NaN}) {
            assertThatThrownBy(() -> new Image(2, 1, 2, new float[] {0, 1, 0.5f, wrong}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("samples must be in [0, 1], got " + wrong + " at x=1, y=0, channel=1");
        }
        assertThatThrownBy(() -> new Image(2, 2, 3, new float[11]))
                .hasMessage("an image of 2x2x3 has 12 samples, got 11");
        assertThatThrownBy(() -> new Image(0, 2, 3, new float[0])).hasMessage("width must be at least 1, got 0");
    }

    @Test
    void equality_isOfSizeTypeAndSamples() {
        Image image = new Image(2, 1, 1, new float[] {0, 1});
        assertThat(image)
                .isEqualTo(new Image(2, 1, 1, new float[] {0, 1}))
                .hasSameHashCodeAs(new Image(2, 1, 1, new float[] {0, 1}))
                .isNotEqualTo(new Image(1, 2, 1, new float[] {0, 1}))
                .isNotEqualTo(new Image(1, 1, 2, new float[] {0, 1}))
                .isNotEqualTo(new Image(2, 1, 1, new float[] {0, 0.5f}))
                .isNotEqualTo(new Image(2, 1, 1, new byte[] {0, 1}));
        assertThat(new Image(2, 1, 1, new byte[] {0, 1})).isNotEqualTo(image);
    }

    @Test
    void canvas_imagesOfBothTypesInTurn_neverWritesTheirArrays() {
        Canvas canvas = new Canvas();
        Operation mirror = new HorizontalFlip();
        byte[] bytes = {1, 2, 3};
        float[] floats = {0.1f, 0.2f, 0.3f};
        for (int i = 0; i < 5; i++) {
            byte[] outBytes = new byte[4];
            canvas.render(new Image(3, 1, 1, bytes), List.of(mirror, mirror, mirror), outBytes, 1);
            assertThat(outBytes).containsExactly(0, 3, 2, 1);
            float[] outFloats = new float[4];
            canvas.render(new Image(3, 1, 1, floats), List.of(mirror, mirror, mirror), outFloats, 1);
            assertThat(outFloats).containsExactly(0, 0.3f, 0.2f, 0.1f);
        }
        assertThat(bytes).containsExactly(1, 2, 3);
        assertThat(floats).containsExactly(0.1f, 0.2f, 0.3f);
    }

    @Test
    void canvas_ofAnotherCanvas_readsWhatThatHolds_andNeverWritesThere() {
        Canvas from = new Canvas();
        Canvas canvas = new Canvas();
        Operation mirror = new HorizontalFlip();
        for (int i = 1; i < 5; i++) {
            byte[] begun = from.begin(3, 1, 1);
            assertThat(begun).startsWith(0, 0, 0);
            begun[1] = (byte) i;
            begun[2] = (byte) 255;
            for (int view = 0; view < 2; view++) {
                canvas.load(from);
                mirror.apply(canvas);
                assertThat(canvas.image()).isEqualTo(new Image(3, 1, 1, new byte[] {-1, (byte) i, 0}));
                canvas.begin(3, 1, 1)[0] = 9;
            }
            assertThat(from.image()).isEqualTo(new Image(3, 1, 1, new byte[] {0, (byte) i, -1}));
            from.toFloats();
            from.toFloats();
            canvas.load(from);
            mirror.apply(canvas);
            assertThat(canvas.image()).isEqualTo(new Image(3, 1, 1, new float[] {1, i / 255f, 0}));
            assertThat(from.image()).isEqualTo(new Image(3, 1, 1, new float[] {0, i / 255f, 1}));
        }
        byte[] bytes = {1, 2, 3, 4, 5, 6};
        from.load(new Image(1, 2, 3, bytes));
        from.toFloats();
        assertThat(from.image()).isEqualTo(new Image(1, 2, 3, bytes).toFloats());
        from.load(new Image(1, 2, 3, bytes));
        from.begin(1, 1, 1)[0] = 7;
        assertThat(bytes).containsExactly(1, 2, 3, 4, 5, 6);
        assertThatThrownBy(() -> from.begin(0, 1, 1)).hasMessage("width must be at least 1, got 0");
        assertThatThrownBy(() -> from.begin(1, 0, 1)).hasMessage("height must be at least 1, got 0");
        assertThatThrownBy(() -> from.begin(1, 1, 0)).hasMessage("channels must be at least 1, got 0");
        assertThatThrownBy(() -> from.begin(1 << 30, 1 << 30, 16))
                .hasMessage("an image of 1073741824x1073741824x16 does not fit in one array");
        assertThat(from.image()).isEqualTo(new Image(1, 1, 1, new byte[] {7}));
    }

    @Test
    void view_ofAGreyImage_failsOrSkipsAsTold() {
        Image grey = new Image(2, 2, 1, new byte[] {1, 2, 3, 4});
        View view = new View(2, List.of(new HorizontalFlip(), new Hue(0.1), new Grayscale()));
        CounterRandom random = CounterRandom.of(0, 0, 0, 0);
        assertThatThrownBy(() -> view.draw(random, grey))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Hue[shift=0.1] needs an RGB image of 3 channels, got 1");
        assertThat(view.colour(ColourPolicy.SKIP).draw(random, grey)).containsExactly(new HorizontalFlip());
        assertThat(view.draw(random, grey.size(), 3)).hasSize(3);
        assertThat(view.draw(random, grey.size())).hasSize(3);
    }
}
