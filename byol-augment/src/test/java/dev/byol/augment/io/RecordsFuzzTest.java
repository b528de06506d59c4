package dev.byol.augment.io;

import dev.byol.augment.io.Npy.Layout;
import dev.byol.fuzz.Fuzz;
import dev.byol.fuzz.NpyRepair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attacks on files of images of equal size: NumPy's, STL-10's, CIFAR's and IDX. */
class RecordsFuzzTest {
    @TempDir
    Path folder;

    private UnpackCache cache;

    @BeforeEach
    void setUp() {
        cache = UnpackCache.in(folder.resolve("cache"), 1 << 20);
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    /** Looks at the first image, the last one, and one between. */
    private static void look(ImageSource source) throws IOException {
        int last = source.size() - 1;
        for (int index : new int[] {0, last / 2, last}) {
            source.image(index);
            source.label(index);
            source.name(index);
        }
        source.classNames();
    }

    @Test
    void damagedNpyImages_areReadOrRefusedByName() throws InterruptedException {
        byte[] version2 = NpyTest.npy("<f4", "2, 2, 3", new byte[48]);
        ByteBuffer longer = ByteBuffer.allocate(version2.length + 2).put(version2, 0, 6);
        longer.put((byte) 2).put((byte) 0).put(version2, 8, 2).putShort((short) 0);
        longer.put(version2, 10, version2.length - 10);
        Map<String, byte[]> seeds = Map.of(
                "grey", NpyTest.npy("|u1", "2, 3, 4", new byte[24]),
                "colour", NpyTest.npy("|u1", "2, 3, 4, 3", new byte[72]),
                "words", NpyTest.npy(">u2", "3, 3, 2, 2", new byte[72]),
                "floats", longer.array());
        Fuzz.of("npy-images", seeds)
                .named(folder.toString())
                .repairedBy(NpyRepair::repaired)
                .oneOf(2)
                .inputs(400)
                .run((content, pastHeader) -> {
                    Path file = write("images.npy", content);
                    ImageSource first = Npy.unlabelled(file, Layout.CHANNELS_FIRST);
                    pastHeader.run();
                    look(first);
                    look(Npy.unlabelled(file, Layout.CHANNELS_LAST));
                });
    }

    /** The same file with as many labels as there are images. */
    private static byte[] ofFour(byte[] labels) {
        return new String(labels, StandardCharsets.ISO_8859_1)
                .replaceFirst("\\([\\d, ]*\\)", "(4,)")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void damagedNpyLabels_areReadOrRefusedByName() throws IOException, InterruptedException {
        Path images = write("images.npy", NpyTest.npy("|u1", "4, 1, 2", new byte[8]));
        Map<String, byte[]> seeds = Map.of(
                "bytes", NpyTest.npy("|u1", "4,", new byte[] {1, 2, 3, 4}),
                "ints", NpyTest.npy("<i4", "4,", new byte[16]),
                "longs", NpyTest.npy(">i8", "4,", new byte[32]),
                "unsigned", NpyTest.npy("<u8", "4,", new byte[32]));
        Fuzz.of("npy-labels", seeds)
                .named(folder.toString())
                .repairedBy(labels -> NpyRepair.repaired(ofFour(labels)))
                .oneOf(2)
                .inputs(400)
                .run((content, pastHeader) -> {
                    ImageSource source = Npy.labelled(images, write("labels.npy", content), Layout.CHANNELS_LAST);
                    pastHeader.run();
                    look(source);
                });
    }

    @Test
    void damagedStl10_isReadOrRefusedByName() throws IOException, InterruptedException {
        byte[] images = new byte[4 * 48];
        byte[] labels = {1, 2, 3, 10};
        write("train_y.bin", labels);
        damageStl10("images", "four", images, "train_X.bin", folder.toString());
        write("train_X.bin", images);
        damageStl10("labels", "four", labels, "train_y.bin", "train_y.bin");
        write("train_y.bin", labels);
        byte[] names =
                "airplane\nbird\ncar\ncat\ndeer\ndog\nhorse\nmonkey\nship\ntröck\n".getBytes(StandardCharsets.UTF_8);
        damageStl10("names", "ten", names, "class_names.txt", folder.toString());
    }

    private void damageStl10(String what, String seed, byte[] good, String file, String named)
            throws InterruptedException {
        Fuzz.of("stl10-" + what, Map.of(seed, good))
                .named(named)
                .oneOf(3)
                .inputs(400)
                .run((content, pastHeader) -> {
                    write(file, content);
                    Stl10 set = Stl10.open(folder, 4);
                    pastHeader.run();
                    look(set.train());
                });
    }

    @Test
    void damagedCifar_isReadOrRefusedByName() throws InterruptedException {
        Fuzz.of("cifar10", Map.of("two", new byte[2 * 3073]))
                .named("data_batch_1.bin")
                .oneOf(2)
                .inputs(300)
                .run((content, pastHeader) -> {
                    write("data_batch_1.bin", content);
                    Cifar10 set = Cifar10.open(folder);
                    pastHeader.run();
                    look(set.train());
                });
        Fuzz.of("cifar100", Map.of("two", new byte[2 * 3074]))
                .named("train.bin")
                .oneOf(2)
                .inputs(300)
                .run((content, pastHeader) -> {
                    write("train.bin", content);
                    Cifar100 set = Cifar100.open(folder, Cifar100.Granularity.FINE);
                    pastHeader.run();
                    look(set.train());
                });
    }

    private static byte[] idx(int magic, int data, int... sizes) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * sizes.length + data).putInt(magic);
        for (int size : sizes) {
            bytes.putInt(size);
        }
        return bytes.array();
    }

    /** The same file with as many bytes as it says, unless they are many; or, if it is packed, with its checksum right. */
    private static byte[] repairedIdx(byte[] idx) {
        int sizes = idx.length < 4 ? 0 : idx[3];
        if (sizes < 1 || sizes > 3 || idx.length < 4 + 4 * sizes) {
            return Archives.repairedGzip(idx);
        }
        double bytes = 1;
        for (int i = 1; i <= sizes; i++) {
            bytes *= ByteBuffer.wrap(idx).getInt(4 * i);
        }
        return bytes < 0 || bytes > 4096 ? idx : Arrays.copyOf(idx, 4 + 4 * sizes + (int) bytes);
    }

    /** What is unpacked is kept by the file's size and time, which damage may leave as they are. */
    private void forget() throws IOException {
        Archives.empty(cache.folder());
    }

    @Test
    void damagedIdx_isReadOrRefusedByName() throws IOException, InterruptedException {
        byte[] images = idx(0x803, 3 * 2 * 4, 3, 2, 4);
        byte[] labels = idx(0x801, 3, 3);
        write("labels", labels);
        Fuzz.of("idx-images", Map.of("plain", images, "packed", Archives.gzip(images)))
                .named(folder.toString())
                .repairedBy(RecordsFuzzTest::repairedIdx)
                .oneOf(2)
                .inputs(400)
                .run((content, pastHeader) -> {
                    forget();
                    ImageSource source = Idx.labelled(write("images", content), folder.resolve("labels"), cache);
                    pastHeader.run();
                    look(source);
                });
        write("images", images);
        Fuzz.of("idx-labels", Map.of("plain", labels, "packed", Archives.gzip(labels)))
                .named(folder.toString())
                .repairedBy(RecordsFuzzTest::repairedIdx)
                .oneOf(2)
                .inputs(400)
                .run((content, pastHeader) -> {
                    forget();
                    ImageSource source = Idx.labelled(folder.resolve("images"), write("labels", content), cache);
                    pastHeader.run();
                    look(source);
                });
    }
}
