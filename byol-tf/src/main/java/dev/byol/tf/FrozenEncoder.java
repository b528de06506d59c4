package dev.byol.tf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Signature;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.DataType;

/**
 * An exported encoder. It holds native memory and must be closed. Not thread-safe.
 *
 * <p>A SavedModel is a program, not data: loading it and embedding with it run the operations that its author chose, with the rights of
 * this process; among TensorFlow's are some that read and write files. A {@link Checkpoint} is data: from one that a stranger made,
 * {@link Checkpoint#exportEncoder} makes a model whose operations are this library's.
 */
public final class FrozenEncoder implements AutoCloseable {
    private final SavedModelBundle bundle;
    private final Embedder embedder;
    private final ImageFormat format;
    private final int features;
    private final ChosenDevice device;

    private FrozenEncoder(SavedModelBundle bundle, Path directory, ChosenDevice device) throws IOException {
        this.bundle = bundle;
        this.device = device;
        Signature signature = bundle.signatures().stream()
                .filter(s -> s.key().equals(Signature.DEFAULT_KEY))
                .findFirst()
                .orElseThrow(() -> new IOException(directory + " has no signature " + Signature.DEFAULT_KEY));
        Signature.TensorDescription in = signature.getInputs().get(EncoderExport.IMAGES);
        Signature.TensorDescription out = signature.getOutputs().get(EncoderExport.REPRESENTATIONS);
        if (in == null || out == null || !fits(in, DataType.DT_UINT8, 4) || !fits(out, DataType.DT_FLOAT, 2)) {
            throw new IOException(directory + " is no encoder of this library: expected uint8 " + EncoderExport.IMAGES
                    + " [N, H, W, C] and float32 " + EncoderExport.REPRESENTATIONS + " [N, D], found " + signature);
        }
        int channels = Math.toIntExact(in.shape.get(3));
        // The normalisation is inside the model: only the size matters here.
        this.format = new ImageFormat(
                Math.toIntExact(in.shape.get(1)),
                Math.toIntExact(in.shape.get(2)),
                channels,
                java.util.Collections.nCopies(channels, 0.0),
                java.util.Collections.nCopies(channels, 1.0));
        this.features = Math.toIntExact(out.shape.get(1));
        this.embedder = new Embedder(bundle.session(), format, operand(in.name), operand(out.name));
    }

    /** Whether a tensor has the type and the rank, and all sizes but the number of images. */
    private static boolean fits(Signature.TensorDescription tensor, DataType type, int rank) {
        return tensor.dataType == type
                && tensor.shape.numDimensions() == rank
                && !tensor.shape.tail().hasUnknownDimension();
    }

    /** As {@link #loadTrusted(Path, DeviceChoice)}, on the {@linkplain DeviceChoice#standard standard device}. */
    public static FrozenEncoder loadTrusted(Path directory) throws IOException {
        return loadTrusted(directory, DeviceChoice.standard());
    }

    /**
     * Loads what {@link Trainer#exportEncoder} wrote, and runs it: only from where nobody else could have written.
     *
     * @throws IOException if the folder is missing or holds no such model
     * @throws EngineException if TensorFlow cannot start, or not on this device
     */
    public static FrozenEncoder loadTrusted(Path directory, DeviceChoice choice) throws IOException {
        ChosenDevice device = choice.settle();
        if (!Files.isRegularFile(directory.resolve("saved_model.pb"))) {
            throw new IOException(directory + " is no exported encoder: expected a folder with saved_model.pb");
        }
        SavedModelBundle bundle = bundle(directory, device);
        try {
            return new FrozenEncoder(bundle, directory, device);
        } catch (IOException | RuntimeException e) {
            bundle.close();
            throw e;
        }
    }

    private static SavedModelBundle bundle(Path directory, ChosenDevice device) throws IOException {
        SavedModelBundle bundle;
        try {
            bundle = SavedModelBundle.loader(directory.toString())
                    .withConfigProto(device.config())
                    .load();
        } catch (TensorFlowException e) {
            throw new IOException(directory + " is no exported encoder: " + e.getMessage(), e);
        }
        // TensorFlow loads a model whose values are gone, and fails when it runs.
        if (hasVariables(bundle.graph()) && !Files.isRegularFile(directory.resolve("variables/variables.index"))) {
            bundle.close();
            throw new IOException(directory + " is no exported encoder: variables/variables.index is missing");
        }
        return bundle;
    }

    private static boolean hasVariables(Graph graph) {
        for (Iterator<GraphOperation> all = graph.operations(); all.hasNext(); ) {
            if (all.next().type().equals("VariableV2")) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("unchecked")
    private <T extends org.tensorflow.types.family.TType> Operand<T> operand(String tensor) {
        List<String> parts = List.of(tensor.split(":"));
        Output<?> output = bundle.graph().operation(parts.get(0)).output(Integer.parseInt(parts.get(1)));
        return (Operand<T>) output;
    }

    /**
     * Representations of images.
     *
     * @param images uint8 {@code [N, H, W, C]}, N at least 0
     * @return {@code [N][D]}
     */
    public float[][] embed(byte[] images) {
        return embedder.embed(images);
    }

    /** What it runs on. */
    public ChosenDevice device() {
        return device;
    }

    /** The height of the images, in pixels. */
    public int height() {
        return format.height();
    }

    /** The width of the images, in pixels. */
    public int width() {
        return format.width();
    }

    /** The channels of the images. */
    public int channels() {
        return format.channels();
    }

    /** The number of features D. */
    public int features() {
        return features;
    }

    @Override
    public void close() {
        bundle.close();
    }
}
