package dev.byol.examples;

import dev.byol.api.Schedule;

/** A learning rate that a run lowers when it goes back from a collapse. */
final class LoweredRate implements Schedule {
    private final Schedule planned;
    private double share = 1;

    LoweredRate(Schedule planned) {
        this.planned = planned;
    }

    /** From now on it is this share of the planned one. */
    void lower(double share) {
        this.share = share;
    }

    @Override
    public double at(long step) {
        return share * planned.at(step);
    }

    @Override
    public String toString() {
        return share == 1 ? planned.toString() : share + " times " + planned;
    }
}
