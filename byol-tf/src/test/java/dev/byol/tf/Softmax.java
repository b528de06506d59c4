package dev.byol.tf;

/** Softmax regression in plain doubles, from the textbook: what the engine's classifiers are held against. */
final class Softmax {
    private final double[][] kernel;
    private final double[] bias;

    /** @param kernel {@code [D, C]} row-major */
    Softmax(float[] kernel, float... bias) {
        int classes = bias.length;
        this.kernel = new double[kernel.length / classes][classes];
        for (int i = 0; i < kernel.length; i++) {
            this.kernel[i / classes][i % classes] = kernel[i];
        }
        this.bias = Array.doubles(bias);
    }

    double[] logits(float... x) {
        double[] logits = bias.clone();
        for (int i = 0; i < x.length; i++) {
            for (int c = 0; c < logits.length; c++) {
                logits[c] += x[i] * kernel[i][c];
            }
        }
        return logits;
    }

    double[] probabilities(float... x) {
        double[] p = logits(x);
        double sum = 0;
        for (int c = 0; c < p.length; c++) {
            p[c] = Math.exp(p[c]);
            sum += p[c];
        }
        for (int c = 0; c < p.length; c++) {
            p[c] /= sum;
        }
        return p;
    }

    /** The mean negative log-likelihood of the labelled rows. */
    double loss(float[][] x, int... labels) {
        double sum = 0;
        int rows = 0;
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] >= 0) {
                sum -= Math.log(probabilities(x[i])[labels[i]]);
                rows++;
            }
        }
        return sum / rows;
    }

    /** The place of the label's logit among all, from 1. */
    int rank(int label, float... x) {
        double[] logits = logits(x);
        int rank = 1;
        for (double logit : logits) {
            rank += logit > logits[label] ? 1 : 0;
        }
        return rank;
    }

    /** One step of gradient descent: {@code w - rate · mean over labelled rows of x (p - 1{label})}. */
    void descend(double rate, float[][] x, int... labels) {
        int rows = 0;
        for (int label : labels) {
            rows += label >= 0 ? 1 : 0;
        }
        double[][] gradient = new double[kernel.length][bias.length];
        double[] ofBias = new double[bias.length];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0) {
                continue;
            }
            double[] error = probabilities(x[i]);
            error[labels[i]] -= 1;
            for (int c = 0; c < bias.length; c++) {
                ofBias[c] += error[c] / rows;
                for (int d = 0; d < kernel.length; d++) {
                    gradient[d][c] += x[i][d] * error[c] / rows;
                }
            }
        }
        for (int c = 0; c < bias.length; c++) {
            bias[c] -= rate * ofBias[c];
            for (int d = 0; d < kernel.length; d++) {
                kernel[d][c] -= rate * gradient[d][c];
            }
        }
    }

    double[] bias() {
        return bias;
    }

    double[] kernel() {
        double[] flat = new double[kernel.length * bias.length];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = kernel[i / bias.length][i % bias.length];
        }
        return flat;
    }
}
