package dev.byol.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlendTest {
    private final Canvas canvas = new Canvas();

    /** Decimal factors, whose products come near whole numbers; any others; the limits of the fixed point. */
    private static List<Double> factors() {
        List<Double> factors = new ArrayList<>();
        for (int percent = 0; percent <= 200; percent++) {
            factors.add(percent / 100.0);
        }
        CounterRandom random = CounterRandom.of(5, 0, 0, 0);
        for (int i = 0; i < 100; i++) {
            factors.add(0.5 + random.nextDouble());
        }
        factors.addAll(List.of(1e-30, 1e-4, 0.1999, 1 + 1e-7, 3.7, 255.0, 256.0, 511.9, 512.0, 1000.5, 1e5, 1e9, 1e30));
        return factors;
    }

    private static int blend(int from, int to, double factor) {
        float value = from + (float) factor * (to - from);
        return value <= 0 ? 0 : value >= 255 ? 255 : (int) value;
    }

    /** Every pair of grey value and sample, in each of the three channels, the other two grey. */
    @Test
    void withGrey_everyPair_asInFloat32() {
        int[] pixels = new int[768];
        int[] grey = new int[768];
        int[] out = new int[768];
        for (double factor : factors()) {
            Blend blend = new Blend(factor);
            for (int g = 0; g < 256; g++) {
                Arrays.fill(grey, g);
                for (int v = 0; v < 256; v++) {
                    for (int c = 0; c < 3; c++) {
                        int others = g * 0x010101 & ~(0xFF << (8 * c));
                        pixels[3 * v + c] = 0xA5000000 | others | (v << (8 * c));
                    }
                }
                blend.withGrey(canvas, pixels, grey, out, 768);
                for (int i = 0; i < 768; i++) {
                    int c = i % 3;
                    int others = g * 0x010101 & ~(0xFF << (8 * c));
                    int expected = others | (blend(g, i / 3, factor) << (8 * c));
                    if (out[i] != expected) {
                        assertThat(out[i])
                                .as("factor %s, grey %s, sample %s", factor, g, i / 3)
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void withConstant_everySample_asInFloat32() {
        byte[] samples = new byte[257];
        for (int v = 0; v < 257; v++) {
            samples[v] = (byte) v;
        }
        for (double factor : factors()) {
            Blend blend = new Blend(factor);
            for (int grey : new int[] {0, 1, 100, 254, 255}) {
                canvas.load(new Image(257, 1, 1, samples));
                blend.withConstant(canvas, grey);
                for (int v = 0; v < 257; v++) {
                    assertThat(canvas.samples()[v] & 0xFF)
                            .as("factor %s, grey %s, sample %s", factor, grey, v)
                            .isEqualTo(blend(grey, v & 0xFF, factor));
                }
            }
        }
    }
}
