package dev.byol.tf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.op.Op;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * One training step: a run of the program for each micro-batch, of which the last one writes. Whether it succeeds or not, the variables
 * are those of a whole step.
 */
final class StepRun implements AutoCloseable {
    /** Feeds the views of a micro-batch. */
    @FunctionalInterface
    interface Views {
        void feed(StepRun run, int part);
    }

    /** What a run gave. */
    private static final class Fetched {
        final float[] numbers;
        final List<float[][]> observed = new ArrayList<>();

        Fetched(float[] numbers) {
            this.numbers = numbers;
        }
    }

    private final Program program;
    private final long step;
    private final int parts;
    private final int microBatch;
    private final List<String> observed;
    private final Function<Session.Runner, Result> how;
    private final Map<Operand<?>, Tensor> feeds = new LinkedHashMap<>();
    private final Map<Operand<?>, Tensor> taken = new LinkedHashMap<>();
    private final List<Tensor> own = new ArrayList<>();
    private final double[] sums;
    private float[] latest = {};
    private final List<List<float[][]>> rows = new ArrayList<>();

    /**
     * A step.
     *
     * @param done steps before it
     * @param observed what the method shows and is fetched, by name
     * @param how the program is run
     */
    StepRun(
            Program program,
            long done,
            int parts,
            int microBatch,
            List<String> observed,
            Function<Session.Runner, Result> how) {
        this.program = program;
        this.step = done + 1;
        this.parts = parts;
        this.microBatch = microBatch;
        this.observed = observed;
        this.how = how;
        this.sums = new double[1 + program.measured];
        program.schedules.forEach((schedule, fed) -> feedOnce(fed, TFloat32.scalarOf((float) schedule.at(done))));
    }

    /** Feeds a tensor that somebody else closes. */
    void feed(Operand<?> operand, Tensor tensor) {
        feeds.put(operand, tensor);
    }

    /** Feeds a tensor that is closed with this step. */
    void feedOnce(Operand<?> operand, Tensor tensor) {
        own.add(tensor);
        feeds.put(operand, tensor);
    }

    /** What the first run takes from the device, where it is no more afterwards: later runs are fed it. The tensor is closed with this step. */
    void taken(Operand<?> operand, Tensor tensor) {
        own.add(tensor);
        taken.put(operand, tensor);
    }

    /**
     * Runs it.
     *
     * @param inputs values of the method's inputs by name: one for all micro-batches, or one for each
     * @return the report, with {@link StepReport#skipped} if nothing was updated
     */
    StepReport run(Views views, Map<String, List<TFloat32>> inputs) {
        for (int part = 0; part < parts; part++) {
            int at = part;
            program.accumulation.ifPresent(carrying -> feedOnce(carrying.first, TBool.scalarOf(at == 0)));
            program.inputs.forEach((name, fed) -> {
                List<TFloat32> values = Objects.requireNonNull(inputs.get(name));
                feed(fed, values.get(values.size() == 1 ? 0 : at));
            });
            views.feed(this, part);
            if (!ran(part)) {
                add(fetch(List.of(), program.results));
                return report(part + 1, Optional.of(diagnosed(part)));
            }
        }
        return report(parts, Optional.empty());
    }

    /** Runs a micro-batch; false if a number that must be finite is not. */
    private boolean ran(int part) {
        boolean last = part == parts - 1;
        Fetched fetched;
        try {
            fetched = last
                    ? fetch(program.writes, program.results)
                    : fetch(program.accumulation.orElseThrow().writes(), program.partial);
        } catch (TFInvalidArgumentException e) {
            if (Guard.stopped(e)) {
                return false;
            }
            throw e;
        }
        float norm = fetched.numbers[fetched.numbers.length - 1];
        if (!last && !(Float.isFinite(fetched.numbers[0]) && Float.isFinite(norm))) {
            return false;
        }
        add(fetched);
        return true;
    }

    private Session.Runner runner() {
        Session.Runner runner = program.session.runner();
        feeds.forEach(runner::feed);
        feeds.putAll(taken);
        return runner;
    }

    private Fetched fetch(List<Op> writes, Operand<TFloat32> numbers) {
        Session.Runner runner = runner();
        writes.forEach(runner::addTarget);
        runner.fetch(numbers);
        observed.forEach(name -> runner.fetch(program.observed.get(name)));
        try (Result result = how.apply(runner)) {
            Fetched fetched = new Fetched(Memory.floats(result.get(0)));
            for (int i = 0; i < observed.size(); i++) {
                fetched.observed.add(Memory.rows(result.get(1 + i)));
            }
            return fetched;
        }
    }

    private void add(Fetched fetched) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += fetched.numbers[i];
        }
        latest = fetched.numbers;
        rows.add(fetched.observed);
    }

    private NonFinite diagnosed(int part) {
        float[] numbers;
        try (Result result = runner().fetch(program.guarded.orElseThrow()).run()) {
            numbers = Memory.floats(result.get(0));
        }
        List<String> names = List.of("loss", "norm of the gradients", "norm of the new parameters");
        int bad = 0;
        while (bad < numbers.length - 1 && Float.isFinite(numbers[bad])) {
            bad++;
        }
        Diagnosis.Origin origin = program.diagnosis().find(runner(), part * microBatch);
        return new NonFinite(step, names.get(bad), numbers[bad], origin.operation(), origin.parameter());
    }

    private StepReport report(int count, Optional<NonFinite> skipped) {
        Map<String, Double> reports = new LinkedHashMap<>();
        for (int i = 0; i < program.reports.size(); i++) {
            boolean mean = i < program.measured;
            reports.put(program.reports.get(i), mean ? sums[1 + i] / count : latest[1 + i]);
        }
        Map<String, float[][]> shown = new LinkedHashMap<>();
        for (int i = 0; i < observed.size(); i++) {
            int index = i;
            shown.put(
                    observed.get(i),
                    rows.stream()
                            .flatMap(part -> Arrays.stream(part.get(index)))
                            .toArray(float[][]::new));
        }
        return new StepReport(step, sums[0] / count, reports, shown, skipped);
    }

    @Override
    public void close() {
        own.forEach(Tensor::close);
    }
}
