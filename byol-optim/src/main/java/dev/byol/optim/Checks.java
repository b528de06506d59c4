package dev.byol.optim;

import org.jspecify.annotations.Nullable;

/** Validation of settings. */
final class Checks {
    private Checks() {}

    static void require(boolean valid, String message) {
        if (!valid) {
            throw new IllegalArgumentException(message);
        }
    }

    static void requireMomentum(double momentum) {
        require(momentum >= 0 && momentum < 1, "momentum must be in [0, 1), got " + momentum);
    }

    static void requireDecay(double decay) {
        require(Double.isFinite(decay) && decay >= 0, "weight decay must be finite and at least 0, got " + decay);
    }

    static void requireTrust(double coefficient) {
        require(
                Double.isFinite(coefficient) && coefficient > 0,
                "trust coefficient must be finite and above 0, got " + coefficient);
    }

    static void requireMoments(double beta1, double beta2, double epsilon) {
        require(beta1 >= 0 && beta1 < 1, "beta1 must be in [0, 1), got " + beta1);
        require(beta2 >= 0 && beta2 < 1, "beta2 must be in [0, 1), got " + beta2);
        requireEpsilon(epsilon);
    }

    static void requireEpsilon(double epsilon) {
        require(Double.isFinite(epsilon) && epsilon > 0, "epsilon must be finite and above 0, got " + epsilon);
    }

    static <T> T requireSet(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalStateException(name + " must be set");
        }
        return value;
    }
}
