package dev.byol.augment;

/** A resampling filter: how much a sample counts at a distance from the point that is computed. */
interface Filter {
    /** Bilinear: a triangle that falls from 1 to 0 over one pixel. */
    Filter TRIANGLE = new Filter() {
        @Override
        public double support() {
            return 1;
        }

        @Override
        public double at(double x) {
            return Math.max(1 - Math.abs(x), 0);
        }
    };

    /** The distance in pixels from which on the filter is 0. */
    double support();

    /** The filter at a signed distance in pixels; not normalised. */
    double at(double x);
}
