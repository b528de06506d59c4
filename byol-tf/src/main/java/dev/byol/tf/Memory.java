package dev.byol.tf;

import dev.byol.api.Shape;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** Copies between JVM arrays and native tensors, in one move each. */
final class Memory {
    private Memory() {}

    static TFloat32 floats(Shape shape, float[] values) {
        return floats(shape, values, 0);
    }

    static TFloat32 floats(Shape shape, float[] values, int offset) {
        TFloat32 tensor = TFloat32.tensorOf(Tf.shape(shape));
        tensor.asRawTensor().data().asFloats().write(values, offset, shape.size());
        return tensor;
    }

    static TUint8 bytes(Shape shape, byte[] values, int offset) {
        TUint8 tensor = TUint8.tensorOf(Tf.shape(shape));
        tensor.asRawTensor().data().write(values, offset, shape.size());
        return tensor;
    }

    /** Fills a tensor with values from an offset on. */
    static void copy(byte[] from, int offset, TUint8 to) {
        to.asRawTensor().data().write(from, offset, Math.toIntExact(to.size()));
    }

    static void copy(float[] from, TFloat32 to) {
        to.asRawTensor().data().asFloats().write(from, 0, from.length);
    }

    static float[] floats(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.size())];
        copy(tensor, values, 0);
        return values;
    }

    /** The values of several tensors, one after the other. */
    static float[] joined(List<? extends Tensor> tensors, int size) {
        float[] values = new float[size];
        int offset = 0;
        for (Tensor tensor : tensors) {
            copy(tensor, values, offset);
            offset += Math.toIntExact(tensor.size());
        }
        return values;
    }

    /** The rows of a matrix. */
    static float[][] rows(Tensor matrix) {
        float[] values = floats(matrix);
        int count = Math.toIntExact(matrix.shape().get(0));
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            int width = values.length / count;
            rows[i] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
        }
        return rows;
    }

    static void copy(Tensor from, float[] to, int offset) {
        from.asRawTensor().data().asFloats().read(to, offset, Math.toIntExact(from.size()));
    }
}
