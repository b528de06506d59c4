package dev.byol.examples;

/**
 * The ten classes of the procedural image set. Each shape is a signed distance in its own frame, where it fills about
 * the unit disc: negative inside, positive outside, x to the right and y down.
 *
 * <p>Pure arithmetic and {@link Math#sqrt}, which is exactly rounded: the same bits on every JDK.
 */
enum Shape {
    DISC {
        @Override
        double distance(double x, double y) {
            return length(x, y) - 0.86;
        }
    },
    RING {
        @Override
        double distance(double x, double y) {
            return Math.abs(length(x, y) - 0.72) - 0.2;
        }
    },
    SQUARE {
        @Override
        double distance(double x, double y) {
            double dx = Math.abs(x) - 0.74;
            double dy = Math.abs(y) - 0.74;
            return length(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0);
        }
    },
    TRIANGLE {
        @Override
        double distance(double x, double y) {
            return polygon(TRIANGLE_CORNERS, x, y);
        }
    },
    STAR {
        @Override
        double distance(double x, double y) {
            return polygon(STAR_CORNERS, x, y);
        }
    },
    CROSS {
        @Override
        double distance(double x, double y) {
            return polygon(CROSS_CORNERS, x, y);
        }
    },
    CRESCENT {
        @Override
        double distance(double x, double y) {
            return Math.max(length(x, y) - 0.95, 0.78 - length(x - 0.48, y));
        }
    },
    HEART {
        @Override
        double distance(double x, double y) {
            double px = Math.abs(x) * 0.6;
            double py = 0.58 - y * 0.6;
            double d;
            if (px + py > 1) {
                d = length(px - 0.25, py - 0.75) - Math.sqrt(2) / 4;
            } else {
                double m = 0.5 * Math.max(px + py, 0);
                double toEdge = Math.min(length(px, py - 1), length(px - m, py - m));
                d = px > py ? toEdge : -toEdge;
            }
            return d / 0.6;
        }
    },
    ARROW {
        @Override
        double distance(double x, double y) {
            return polygon(ARROW_CORNERS, x, y);
        }
    },
    BOLT {
        @Override
        double distance(double x, double y) {
            return polygon(BOLT_CORNERS, x, y);
        }
    };

    private static final double[] TRIANGLE_CORNERS = {0, -1.0, 0.92, 0.66, -0.92, 0.66};
    private static final double[] STAR_CORNERS = {
        0, -1.05, 0.26, -0.32, 1.0, -0.32, 0.42, 0.14, 0.62, 0.85, 0, 0.44, -0.62, 0.85, -0.42, 0.14, -1.0, -0.32,
        -0.26, -0.32
    };
    private static final double[] CROSS_CORNERS = {
        -0.3, -0.95, 0.3, -0.95, 0.3, -0.3, 0.95, -0.3, 0.95, 0.3, 0.3, 0.3, 0.3, 0.95, -0.3, 0.95, -0.3, 0.3, -0.95,
        0.3, -0.95, -0.3, -0.3, -0.3
    };
    private static final double[] ARROW_CORNERS = {
        -1.0, -0.24, 0.1, -0.24, 0.1, -0.8, 1.0, 0, 0.1, 0.8, 0.1, 0.24, -1.0, 0.24
    };
    private static final double[] BOLT_CORNERS = {
        -0.12, -1.05, 0.6, -1.05, 0.2, -0.26, 0.72, -0.26, -0.4, 1.05, -0.06, 0.12, -0.62, 0.12
    };

    /**
     * The signed distance from a point to the outline.
     *
     * @param x to the right
     * @param y down
     * @return negative inside
     */
    abstract double distance(double x, double y);

    /** The name as the class file and the page show it. */
    String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    private static double length(double x, double y) {
        return Math.sqrt(x * x + y * y);
    }

    /** Distance to the nearest edge, its sign by the even-odd rule; corners are x0, y0, x1, y1, ... */
    private static double polygon(double[] corners, double x, double y) {
        double nearest = Double.MAX_VALUE;
        boolean inside = false;
        double ax = corners[corners.length - 2];
        double ay = corners[corners.length - 1];
        for (int i = 0; i < corners.length; i += 2) {
            double bx = corners[i];
            double by = corners[i + 1];
            double ex = bx - ax;
            double ey = by - ay;
            double wx = x - ax;
            double wy = y - ay;
            double t = Math.max(0, Math.min(1, (wx * ex + wy * ey) / (ex * ex + ey * ey)));
            double dx = wx - ex * t;
            double dy = wy - ey * t;
            nearest = Math.min(nearest, dx * dx + dy * dy);
            if ((ay > y) != (by > y) && x < ex * (y - ay) / ey + ax) {
                inside = !inside;
            }
            ax = bx;
            ay = by;
        }
        double d = Math.sqrt(nearest);
        return inside ? -d : d;
    }
}
