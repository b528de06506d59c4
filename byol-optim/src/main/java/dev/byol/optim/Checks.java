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

    static <T> T requireSet(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalStateException(name + " must be set");
        }
        return value;
    }
}
