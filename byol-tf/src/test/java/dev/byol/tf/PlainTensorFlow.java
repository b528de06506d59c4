package dev.byol.tf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** Runs an exported encoder with nothing of this library, in a process of its own. */
final class PlainTensorFlow {
    private PlainTensorFlow() {}

    /**
     * Prints the shape of the representations and a digest of their bits.
     *
     * @param args folder of the model, file of the images, height, width, channels
     */
    public static void main(String[] args) throws Exception {
        byte[] pixels = Files.readAllBytes(Path.of(args[1]));
        long height = Long.parseLong(args[2]);
        long width = Long.parseLong(args[3]);
        long channels = Long.parseLong(args[4]);
        Shape shape = Shape.of(pixels.length / (height * width * channels), height, width, channels);
        try (SavedModelBundle model = SavedModelBundle.load(args[0], SavedModelBundle.DEFAULT_TAG);
                TUint8 images = TUint8.tensorOf(shape)) {
            images.asRawTensor().data().write(pixels);
            try (Result result = model.function("serving_default").call(Map.of("images", images))) {
                TFloat32 y = (TFloat32) result.get("representations").orElseThrow();
                byte[] bits = new byte[Math.toIntExact(4 * y.size())];
                y.asRawTensor().data().read(bits);
                String digest = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bits));
                System.out.println(y.shape() + " " + digest);
            }
        }
    }
}
