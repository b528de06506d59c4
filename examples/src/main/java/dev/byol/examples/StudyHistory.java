package dev.byol.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Predicate;

/**
 * What a run of the study measured: numbers of every step, and the accuracy after some epochs. Kept as two CSV files, which
 * read back to the same bits. Not thread-safe.
 *
 * @param steps one row a step
 * @param accuracies one row a measurement
 */
record StudyHistory(List<Step> steps, List<Accuracy> accuracies) {
    /**
     * One step.
     *
     * @param step completed updates before it
     * @param epoch completed passes over the data before it, with the fraction
     * @param loss of the batch
     * @param positive cosine of z and z', mean over the images of the batch
     * @param negative the same of different images
     * @param rates local learning rates lambda of LARS, without the base rate, in the order of {@link #RATES}; NaN where the rule has
     *     none
     */
    record Step(long step, double epoch, double loss, double positive, double negative, List<Double> rates) {
        Step {
            rates = List.copyOf(rates);
        }
    }

    /**
     * The accuracy of frozen features.
     *
     * @param epoch completed passes over the data
     * @param percent right of the second half of the test images
     */
    record Accuracy(double epoch, double percent) {}

    /** The parameters whose local rates are kept, by the name of their column. */
    static final Map<String, String> RATES = rates();

    private static Map<String, String> rates() {
        Map<String, String> rates = new LinkedHashMap<>();
        rates.put("layer1", "encoder/layer1/block0/conv1/kernel");
        rates.put("layer2", "encoder/layer2/block0/conv1/kernel");
        rates.put("projector", "projector/linear0/kernel");
        rates.put("predictor", "predictor/linear0/kernel");
        return rates;
    }

    StudyHistory() {
        this(new ArrayList<>(), new ArrayList<>());
    }

    /** The value of a column of {@link #RATES}. */
    static double rate(Step step, String name) {
        return step.rates.get(List.copyOf(RATES.keySet()).indexOf(name));
    }

    /** Writes both files, each whole. */
    void write(Path folder) throws IOException {
        StringBuilder out = new StringBuilder("step,epoch,loss,positive_cosine,negative_cosine");
        RATES.keySet().forEach(name -> out.append(",rate_").append(name));
        out.append('\n');
        for (Step s : steps) {
            StringJoiner line = new StringJoiner(",", "", "\n");
            line.add(Long.toString(s.step))
                    .add(Double.toString(s.epoch))
                    .add(Double.toString(s.loss))
                    .add(Double.toString(s.positive))
                    .add(Double.toString(s.negative));
            s.rates.forEach(rate -> line.add(Double.toString(rate)));
            out.append(line);
        }
        AtomicFiles.write(folder.resolve("steps.csv"), out.toString());
        StringBuilder scores = new StringBuilder("epoch,accuracy\n");
        accuracies.forEach(
                a -> scores.append(a.epoch).append(',').append(a.percent).append('\n'));
        AtomicFiles.write(folder.resolve("accuracy.csv"), scores.toString());
    }

    /**
     * Reads what was written.
     *
     * @throws IOException if a file is missing or is not such a file
     */
    static StudyHistory read(Path folder) throws IOException {
        StudyHistory history = new StudyHistory();
        for (double[] row : rows(folder.resolve("steps.csv"), 5 + RATES.size())) {
            List<Double> rates = new ArrayList<>();
            for (int i = 5; i < row.length; i++) {
                rates.add(row[i]);
            }
            history.steps.add(new Step((long) row[0], row[1], row[2], row[3], row[4], rates));
        }
        for (double[] row : rows(folder.resolve("accuracy.csv"), 2)) {
            history.accuracies.add(new Accuracy(row[0], row[1]));
        }
        return history;
    }

    /** The part before a step, whose epoch begins there. */
    StudyHistory until(long step, int epoch) {
        return part(s -> s.step < step, epoch);
    }

    /** The part of the first epochs. */
    StudyHistory upTo(double epochs) {
        return part(s -> s.epoch < epochs, epochs);
    }

    private StudyHistory part(Predicate<Step> kept, double epochs) {
        return new StudyHistory(
                new ArrayList<>(steps.stream().filter(kept).toList()),
                new ArrayList<>(
                        accuracies.stream().filter(a -> a.epoch <= epochs).toList()));
    }

    private static List<double[]> rows(Path file, int columns) throws IOException {
        List<double[]> rows = new ArrayList<>();
        List<String> lines = TextFiles.lines(file);
        for (int i = 1; i < lines.size(); i++) {
            String[] cells = lines.get(i).split(",", -1);
            if (cells.length != columns) {
                throw new IOException(
                        file + ", line " + (i + 1) + ": found " + cells.length + " columns, expected " + columns);
            }
            double[] row = new double[columns];
            try {
                for (int c = 0; c < columns; c++) {
                    row[c] = Double.parseDouble(cells[c]);
                }
            } catch (NumberFormatException e) {
                throw new IOException(file + ", line " + (i + 1) + ": " + e.getMessage(), e);
            }
            rows.add(row);
        }
        return rows;
    }
}
