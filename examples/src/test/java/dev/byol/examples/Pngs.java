package dev.byol.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Folders of small pictures. */
final class Pngs {
    private Pngs() {}

    static Path folder(Path folder, int count, int side) throws IOException {
        Files.createDirectories(folder);
        Random random = new Random(count);
        for (int i = 0; i < count; i++) {
            byte[] rgb = new byte[3 * side * side];
            random.nextBytes(rgb);
            Files.write(folder.resolve("picture" + i + ".png"), Png.encode(rgb, side, side));
        }
        return folder;
    }
}
