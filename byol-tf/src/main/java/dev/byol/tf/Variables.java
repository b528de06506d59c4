package dev.byol.tf;

import dev.byol.api.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.AssignVariableOp;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/** The resource variables of a graph by name. Each has exactly one read, against which gradients are taken. */
final class Variables {
    private record Variable(
            Shape shape,
            VarHandleOp handle,
            Operand<TFloat32> read,
            Placeholder<TFloat32> fed,
            AssignVariableOp write) {}

    private final Ops tf;
    private final Map<String, Variable> variables = new LinkedHashMap<>();

    Variables(Ops tf) {
        this.tf = tf;
    }

    /** The value before the step of a variable that is made at its first use. */
    Operand<TFloat32> read(String name, Shape shape) {
        if (!variables.containsKey(name)) {
            create(name, shape);
        }
        return get(name).read;
    }

    private void create(String name, Shape shape) {
        VarHandleOp handle = tf.varHandleOp(TFloat32.class, Tf.shape(shape), VarHandleOp.sharedName(name));
        Operand<TFloat32> read = tf.readVariableOp(handle, TFloat32.class);
        Placeholder<TFloat32> fed = tf.placeholder(TFloat32.class, Placeholder.shape(Tf.shape(shape)));
        variables.put(name, new Variable(shape, handle, read, fed, tf.assignVariableOp(handle, fed)));
    }

    /**
     * The write of a new value at the end of a step: after the read, also where the new value comes from elsewhere, and after whatever
     * else is named.
     */
    Op assign(String name, Shape shape, Operand<TFloat32> value, List<Op> after) {
        List<Op> all = new ArrayList<>(after);
        all.add(read(name, shape));
        return tf.withControlDependencies(all).assignVariableOp(get(name).handle, value);
    }

    /** Names and shapes, in the order of creation. */
    Map<String, Shape> shapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        variables.forEach((name, variable) -> shapes.put(name, variable.shape));
        return shapes;
    }

    /** Sets values, all of them in one run. */
    void write(Session session, Map<String, float[]> values) {
        if (values.isEmpty()) {
            return;
        }
        List<Tensor> tensors = new ArrayList<>();
        try {
            Session.Runner runner = session.runner();
            values.forEach((name, floats) -> {
                Variable variable = get(name);
                if (floats.length != variable.shape.size()) {
                    throw new IllegalArgumentException("variable " + name + " has the shape " + variable.shape
                            + " and was given " + floats.length + " values");
                }
                TFloat32 tensor = Memory.floats(variable.shape, floats);
                tensors.add(tensor);
                runner.feed(variable.fed, tensor).addTarget(variable.write);
            });
            runner.run().close();
        } finally {
            tensors.forEach(Tensor::close);
        }
    }

    /** Gets values, all of them in one run. */
    Map<String, float[]> read(Session session, Iterable<String> names) {
        List<String> order = new ArrayList<>();
        Session.Runner runner = session.runner();
        for (String name : names) {
            runner.fetch(get(name).read);
            order.add(name);
        }
        Map<String, float[]> values = new LinkedHashMap<>();
        if (order.isEmpty()) {
            return values;
        }
        try (Result result = runner.run()) {
            for (int i = 0; i < order.size(); i++) {
                values.put(order.get(i), Memory.floats(result.get(i)));
            }
        }
        return values;
    }

    private Variable get(String name) {
        Variable variable = variables.get(name);
        if (variable == null) {
            throw new IllegalStateException("there is no variable " + name + "; there is " + variables.keySet());
        }
        return variable;
    }
}
