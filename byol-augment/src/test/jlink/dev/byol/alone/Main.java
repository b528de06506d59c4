package dev.byol.alone;

import dev.byol.augment.io.*;
import dev.byol.augment.load.*;
import java.nio.file.Path;
import java.util.Arrays;

/** Two views of every image of a folder. */
public final class Main {
    public static void main(String... args) throws Exception {
        ImageSource images = ImageFolder.open(Path.of(args[0]));
        Loader loader = Loader.builder(images).batch(images.size()).threads(2).seed(1).build();
        try (Epoch epoch = loader.epoch(0);
                Batch batch = epoch.next()) {
            System.out.println(batch.size() + " " + Arrays.hashCode(batch.view(0)) + " " + Arrays.hashCode(batch.view(1)));
        }
    }
}
