package dev.byol.augment.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.Canvas;
import dev.byol.augment.Image;
import dev.byol.augment.Region;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SourcesTest {
    /** Images of one pixel that tell their index, with given labels. */
    private record Dots(List<Integer> labels, List<String> classNames, int channels) implements ImageSource {
        Dots(List<Integer> labels, String... classNames) {
            this(labels, List.of(classNames), 3);
        }

        static Dots balanced(int size, int classes) {
            return new Dots(
                    IntStream.range(0, size).map(i -> i % classes).boxed().toList());
        }

        @Override
        public int size() {
            return labels.size();
        }

        @Override
        public Image image(int index) throws IOException {
            byte[] samples = new byte[channels];
            Arrays.fill(samples, (byte) index);
            return new Image(1, 1, channels, samples);
        }

        @Override
        public int label(int index) {
            return labels.get(index);
        }

        @Override
        public String description() {
            return "dots";
        }
    }

    private static int dot(ImageSource source, int index) throws IOException {
        int sample = source.image(index).sample(0, 0, 0);
        assertThat(source.open(index).decode().sample(0, 0, 0)).isEqualTo(sample);
        return sample;
    }

    private static List<Integer> dots(ImageSource source) throws IOException {
        List<Integer> dots = new ArrayList<>();
        for (int i = 0; i < source.size(); i++) {
            dots.add(dot(source, i));
        }
        return dots;
    }

    private static long count(ImageSource source, int label) {
        return IntStream.range(0, source.size())
                .filter(i -> source.label(i) == label)
                .count();
    }

    @Test
    void subset_hasItsIndicesInTheirOrder() throws IOException {
        Dots all = new Dots(List.of(0, 1, -1, 1), "cat", "dog");
        int[] indices = {3, 0, 3};
        ImageSource some = Sources.subset(all, indices);
        indices[0] = 1;
        assertThat(dots(some)).containsExactly(3, 0, 3);
        assertThat(some.label(0)).isEqualTo(1);
        assertThat(some.classNames()).containsExactly("cat", "dog");
        assertThat(some.name(1)).isEqualTo("image 0 of dots");
        assertThat(some.description()).isEqualTo("dots (3 of its 4 images)");
        assertThat(dots(Sources.range(all, 1, 3))).containsExactly(1, 2);
        assertThat(Sources.range(all, 2, 2).size()).isZero();
        assertThat(dots(Sources.labelled(all))).containsExactly(0, 1, 3);
        assertThat(dots(Sources.unlabelled(all))).containsExactly(2);
        assertThatThrownBy(() -> Sources.subset(all, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Sources.range(all, 2, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Sources.range(all, 3, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void concatenate_bringsClassesTogetherByName() throws IOException {
        Dots first = new Dots(List.of(0, 1), "cat", "dog");
        Dots none = new Dots(List.of());
        Dots second = new Dots(List.of(1, 0, -1), "dog", "ant");
        Dots unlabelled = new Dots(List.of(-1));
        ImageSource all = Sources.concatenate(List.of(first, none, second, unlabelled));
        assertThat(all.size()).isEqualTo(6);
        assertThat(all.classNames()).containsExactly("cat", "dog", "ant");
        assertThat(IntStream.range(0, 6).map(all::label)).containsExactly(0, 1, 2, 1, -1, -1);
        assertThat(dots(all)).containsExactly(0, 1, 0, 1, 2, 0);
        assertThat(all.name(3)).isEqualTo("image 1 of dots");
        assertThat(all.description()).isEqualTo("dots + dots + dots + dots");
        assertThatThrownBy(() -> all.label(6)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> all.image(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void concatenate_labelsWithoutNames_stay_butNotBesideNames() {
        Dots nameless = new Dots(List.of(7, -1));
        ImageSource all = Sources.concatenate(List.of(nameless, nameless));
        assertThat(IntStream.range(0, 4).map(all::label)).containsExactly(7, -1, 7, -1);
        assertThat(all.classNames()).isEmpty();
        Dots named = new Dots(List.of(0), "cat");
        assertThatThrownBy(() -> Sources.concatenate(List.of(named, nameless)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("image 0 of dots has label 7 without a name, expected one, as other sources have the"
                        + " classes [cat]");
        assertThatThrownBy(() -> Sources.concatenate(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no source, expected at least one");
    }

    @Test
    void split_isAPartition_stratified_andOfTheSeed() throws IOException {
        Dots all = Dots.balanced(100, 4);
        List<ImageSource> parts = Sources.split(all, 5, 0.6, 0.2, 0.2);
        assertThat(parts).extracting(ImageSource::size).containsExactly(60, 20, 20);
        Set<Integer> seen = new TreeSet<>();
        for (ImageSource part : parts) {
            assertThat(dots(part)).isSorted();
            seen.addAll(dots(part));
            for (int label = 0; label < 4; label++) {
                assertThat(count(part, label)).isEqualTo(part.size() / 4);
            }
        }
        assertThat(seen).hasSize(100);
        assertThat(dots(Sources.split(all, 5, 0.6, 0.2, 0.2).get(1))).isEqualTo(dots(parts.get(1)));
        assertThat(dots(Sources.split(all, 6, 0.6, 0.2, 0.2).get(1))).isNotEqualTo(dots(parts.get(1)));
        assertThat(parts.get(2).description()).isEqualTo("dots (part 3 of 3, drawn by seed 5)");
    }

    @Test
    void split_smallClasses_areInEveryPartThatTheyCanBeIn() {
        for (int size = 1; size <= 12; size++) {
            Dots all = new Dots(java.util.Collections.nCopies(size, 0));
            List<ImageSource> parts = Sources.split(all, 1, 0.9, 0.05, 0.05);
            assertThat(parts.stream().mapToInt(ImageSource::size).sum()).isEqualTo(size);
            if (size >= 3) {
                assertThat(parts).allMatch(part -> part.size() >= 1);
            }
            List<ImageSource> hundredth = Sources.split(all, 1, 0.01);
            assertThat(hundredth.get(0).size()).isEqualTo(1);
        }
        Dots mixed = new Dots(List.of(0, 0, 0, 0, 0, -1, -1, 1));
        List<ImageSource> parts = Sources.split(mixed, 1, 0.8, 0.2);
        assertThat(count(parts.get(1), 0)).isEqualTo(1);
        assertThat(count(parts.get(1), -1)).isEqualTo(1);
        assertThat(count(parts.get(0), 1)).isEqualTo(1);
    }

    @Test
    void split_badFractions_refused() {
        Dots all = Dots.balanced(10, 2);
        for (double[] bad : new double[][] {{}, {0.5, 0}, {-0.1}, {0.6, 0.5}, {Double.NaN}, {1.1}}) {
            assertThatThrownBy(() -> Sources.split(all, 1, bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("fractions must be ")
                    .hasMessageEndingWith("got " + Arrays.toString(bad));
        }
        assertThat(Sources.split(all, 1, 1.0).get(0).size()).isEqualTo(10);
        assertThat(Sources.split(all, 1, 0.1, 0.2, 0.7))
                .extracting(ImageSource::size)
                .containsExactly(2, 2, 6);
    }

    @Test
    void splitCounts_areExact_andStratified() throws IOException {
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            labels.add(i < 50 ? 0 : i < 80 ? 1 : 2);
        }
        Dots all = new Dots(labels);
        List<ImageSource> parts = Sources.splitCounts(all, 3, 10, 30, 7);
        assertThat(parts).extracting(ImageSource::size).containsExactly(10, 30, 7);
        double[] shares = {0.5, 0.3, 0.2};
        Set<Integer> seen = new TreeSet<>();
        for (ImageSource part : parts) {
            seen.addAll(dots(part));
            for (int label = 0; label < 3; label++) {
                assertThat(Math.abs(count(part, label) - shares[label] * part.size()))
                        .isLessThanOrEqualTo(1.5);
            }
        }
        assertThat(seen).hasSize(47);
        assertThat(dots(Sources.splitCounts(all, 4, 10).get(0))).isNotEqualTo(dots(parts.get(0)));
        for (int[] bad : new int[][] {{}, {0}, {-1, 4}, {60, 41}, {Integer.MAX_VALUE, Integer.MAX_VALUE}}) {
            assertThatThrownBy(() -> Sources.splitCounts(all, 1, bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("counts must be at least ")
                    .hasMessageEndingWith("got " + Arrays.toString(bad));
        }
    }

    @Test
    void rgb_ofGrey_hasThreeEqualChannels_othersAreErrors() throws IOException {
        Dots grey = new Dots(List.of(4, 4, 4), List.of(), 1);
        ImageSource rgb = Sources.rgb(grey);
        assertThat(rgb.image(2)).isEqualTo(new Image(1, 1, 3, new byte[] {2, 2, 2}));
        LazyImage lazy = rgb.open(1);
        assertThat(lazy.size()).isEqualTo(grey.image(1).size());
        assertThat(lazy.decode(new Region(0, 0, 1, 1)).channels()).isEqualTo(3);
        assertThat(lazy.reduced(lazy.size()).decode().channels()).isEqualTo(3);
        Canvas canvas = new Canvas();
        rgb.open(2).decode(new Region(0, 0, 1, 1), canvas);
        assertThat(canvas.image()).isEqualTo(rgb.image(2));
        assertThat(rgb.label(2)).isEqualTo(4);
        assertThat(rgb.name(2)).isEqualTo("image 2 of dots");
        Dots colour = new Dots(List.of(0, 0), List.of(), 3);
        assertThat(Sources.rgb(colour).image(1)).isEqualTo(colour.image(1));
        Sources.rgb(colour).open(1).decode(new Region(0, 0, 1, 1), canvas);
        assertThat(canvas.image()).isEqualTo(colour.image(1));
        Dots four = new Dots(List.of(0), List.of(), 4);
        assertThatThrownBy(() -> Sources.rgb(four).image(0))
                .isInstanceOf(IOException.class)
                .hasMessage("image 0 of dots: 4 channels, expected 1 or 3 to make RGB of");
        assertThatThrownBy(() -> Sources.rgb(four).open(0).decode(new Region(0, 0, 1, 1), canvas))
                .hasMessage("image 0 of dots: 4 channels, expected 1 or 3 to make RGB of");
    }

    @Test
    void rgb_ofFloats_isRounded() throws IOException {
        ImageSource source = new ImageSource() {
            @Override
            public int size() {
                return 2;
            }

            @Override
            public Image image(int index) {
                return index == 0
                        ? new Image(2, 1, 1, new float[] {0.2f, 1})
                        : new Image(1, 1, 3, new float[] {0, 0.1f, 1});
            }
        };
        assertThat(Sources.rgb(source).image(0)).isEqualTo(new Image(2, 1, 3, new byte[] {51, 51, 51, -1, -1, -1}));
        assertThat(Sources.rgb(source).image(1)).isEqualTo(new Image(1, 1, 3, new byte[] {0, 26, -1}));
    }
}
