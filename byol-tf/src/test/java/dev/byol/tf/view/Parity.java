package dev.byol.tf.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.augment.Canvas;
import dev.byol.augment.DrawTable;
import dev.byol.augment.Image;
import dev.byol.augment.Operation;
import dev.byol.augment.TableLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TUint8;

/** Makes views in a graph and by byol-augment, and compares them. */
@SuppressWarnings("exports") // tests export nothing
public final class Parity implements AutoCloseable {
    /** An image, and what happens to it. */
    record Case(Image image, List<Operation> drawn) {}

    private final TableLayout layout;
    private final Graph graph = new Graph();
    private final Placeholder<TUint8> images;
    private final ViewGraph views;
    private final Operand<TUint8> made;
    private final Session session;

    Parity(TableLayout layout) {
        this.layout = layout;
        Ops tf = Ops.create(graph);
        images = tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, -1, -1, 3)));
        views = new ViewGraph(tf, ViewGraph.planes(tf, images), recipe(layout));
        made = tf.dtypes.cast(views.views(), TUint8.class);
        session = new Session(graph);
    }

    /** How a graph makes a view. */
    public static ViewRecipe recipe(TableLayout layout) {
        return new ViewRecipe(
                layout.side(),
                layout.lanes().stream().map(TableLayout.Lane::operation).toList(),
                layout.lanes().stream().map(TableLayout.Lane::parameters).toList());
    }

    /** What was drawn, as a graph takes it. */
    public static ViewDraws draws(DrawTable table) {
        return new ViewDraws(
                table.firstColumns(),
                table.columnWeights(),
                table.firstRows(),
                table.rowWeights(),
                table.taken(),
                table.parameters());
    }

    /** The views of a batch, images padded with noise to the largest. */
    List<byte[]> inGraph(List<Case> cases) {
        int height = cases.stream().mapToInt(c -> c.image().height()).max().orElseThrow();
        int width = cases.stream().mapToInt(c -> c.image().width()).max().orElseThrow();
        byte[] pixels = new byte[cases.size() * height * width * 3];
        new java.util.Random(9).nextBytes(pixels);
        DrawTable table = layout.table(cases.size());
        for (int i = 0; i < cases.size(); i++) {
            Image image = cases.get(i).image();
            for (int y = 0; y < image.height(); y++) {
                int line = image.width() * 3;
                System.arraycopy(image.samples(), y * line, pixels, (i * height + y) * width * 3, line);
            }
            table.write(cases.get(i).drawn(), image.size(), i);
        }
        return split(run(new SourceBatch(pixels, height, width, List.of(draws(table)))), cases.size());
    }

    private byte[] run(SourceBatch batch) {
        List<Tensor> own = new ArrayList<>();
        try (TUint8 fed = TUint8.tensorOf(Shape.of(batch.size(), batch.height(), batch.width(), 3))) {
            fed.asRawTensor().data().write(batch.images());
            Session.Runner runner = session.runner().feed(images, fed).fetch(made);
            views.feed(batch.draws().get(0), 0, batch.size(), (operand, tensor) -> {
                own.add(tensor);
                runner.feed(operand, tensor);
            });
            try (Result result = runner.run()) {
                byte[] bytes = new byte[batch.size() * layout.side() * layout.side() * 3];
                result.get(0).asRawTensor().data().read(bytes);
                return bytes;
            }
        } finally {
            own.forEach(Tensor::close);
        }
    }

    private static List<byte[]> split(byte[] all, int parts) {
        int size = all.length / parts;
        return IntStream.range(0, parts)
                .mapToObj(i -> Arrays.copyOfRange(all, i * size, (i + 1) * size))
                .toList();
    }

    static byte[] onCpu(Case c) {
        Canvas canvas = new Canvas();
        canvas.load(c.image());
        c.drawn().forEach(operation -> operation.apply(canvas));
        return canvas.image().samples();
    }

    /** Requires the same bytes. */
    void requireEqual(List<Case> cases) {
        List<byte[]> found = inGraph(cases);
        for (int i = 0; i < cases.size(); i++) {
            assertThat(found.get(i))
                    .as("%s of %s", cases.get(i).drawn(), cases.get(i).image())
                    .isEqualTo(onCpu(cases.get(i)));
        }
    }

    /** Requires the same bytes but for one in a thousand, which may be a level off. */
    void requireClose(List<Case> cases) {
        List<byte[]> found = inGraph(cases);
        long off = 0;
        long all = 0;
        for (int i = 0; i < cases.size(); i++) {
            byte[] expected = onCpu(cases.get(i));
            for (int k = 0; k < expected.length; k++) {
                int difference = Math.abs((found.get(i)[k] & 0xFF) - (expected[k] & 0xFF));
                assertThat(difference).as("%s", cases.get(i).drawn()).isLessThanOrEqualTo(1);
                off += difference;
            }
            all += expected.length;
        }
        assertThat((double) off / all).isLessThanOrEqualTo(0.001);
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }
}
