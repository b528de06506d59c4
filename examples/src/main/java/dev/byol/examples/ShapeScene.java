package dev.byol.examples;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws one image of the procedural set: several shapes of one class strewn over a quiet ground.
 *
 * <p>Nothing but the outlines tells the class: all else is drawn without looking at it. And nothing but the outlines is
 * common to the image: colour, size, place and turn differ from shape to shape, light and dark ones take turns, the
 * ground changes hue from side to side. So two random crops share little else than the class, and a method that learns
 * what views share has to learn outlines, even from the small crops and the mild change of hue of BYOL's own views.
 *
 * <p>Own rasteriser, pure arithmetic, {@link StrictMath} for angles: the same bits on every machine and JDK.
 */
final class ShapeScene {
    private static final int MOST_SHAPES = 8;
    /** How far from grey shapes and clutter may be, and the ground: a ground that all of an image shares gives it away. */
    private static final double CHROMA = 0.2;

    private static final double GROUND_CHROMA = 0.02;

    private final int side;
    private final SplittableRandom random;
    /** Light, red, green and blue in [0, 1], row by row. */
    private final double[] canvas;

    private ShapeScene(int side, long seed) {
        this.side = side;
        this.random = new SplittableRandom(seed);
        this.canvas = new double[3 * side * side];
    }

    /**
     * Draws an image.
     *
     * @param shape the class
     * @param side height and width in pixels, at least 1
     * @param seed decides everything but the class
     * @return {@code [side, side, 3]} as bytes, RGB
     */
    static byte[] draw(Shape shape, int side, long seed) {
        ShapeScene scene = new ShapeScene(side, seed);
        double ground = scene.uniform(0.48, 0.52);
        scene.ground(ground);
        scene.clutter(2);
        scene.shapes(shape, ground);
        scene.clutter(2);
        return scene.lit();
    }

    /** Two soft colours that run into each other, along a line or in clouds. */
    private void ground(double luma) {
        double[] first = colour(luma + uniform(-0.03, 0.03), GROUND_CHROMA);
        double[] second = colour(luma + uniform(-0.03, 0.03), GROUND_CHROMA);
        double turn = uniform(0, 2 * Math.PI);
        double cos = StrictMath.cos(turn) / side;
        double sin = StrictMath.sin(turn) / side;
        boolean clouds = uniform(0, 1) < 0.5;
        Noise noise = new Noise(2 + below(4));
        double middle = 0.5 * side;
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                double along = (x + 0.5 - middle) * cos + (y + 0.5 - middle) * sin;
                cover(x, y, first, second, clouds ? noise.at(x, y) : 0.5 + 0.8 * along, 1);
            }
        }
    }

    /** A large shape and up to seven smaller ones, where they find room without touching. */
    private void shapes(Shape shape, double ground) {
        double[] xs = new double[MOST_SHAPES];
        double[] ys = new double[MOST_SHAPES];
        double[] radii = new double[MOST_SHAPES];
        boolean light = uniform(0, 1) < 0.5;
        int placed = 0;
        for (int i = 0; i < MOST_SHAPES; i++) {
            double radius = side * (i == 0 ? uniform(0.17, 0.2) : uniform(0.13, 0.17));
            for (int attempt = 0; attempt < 12; attempt++) {
                double x = uniform(0.85 * radius, side - 0.85 * radius);
                double y = uniform(0.85 * radius, side - 0.85 * radius);
                boolean free = true;
                for (int other = 0; other < placed; other++) {
                    double dx = x - xs[other];
                    double dy = y - ys[other];
                    double reach = radius + radii[other];
                    free &= dx * dx + dy * dy > reach * reach;
                }
                if (free) {
                    xs[placed] = x;
                    ys[placed] = y;
                    radii[placed++] = radius;
                    light = !light;
                    stamp(shape, x, y, radius, ground + (light ? 1 : -1) * uniform(0.28, 0.42));
                    break;
                }
            }
        }
    }

    private void stamp(Shape shape, double cx, double cy, double radius, double luma) {
        double turn = uniform(-0.1, 0.1);
        double cos = StrictMath.cos(turn) / radius;
        double sin = StrictMath.sin(turn) / radius;
        double[] first = colour(luma, CHROMA);
        double[] second = colour(luma + uniform(-0.08, 0.08), CHROMA);
        int left = (int) Math.max(0, cx - 1.3 * radius - 1);
        int right = (int) Math.min(side - 1, cx + 1.3 * radius + 1);
        int top = (int) Math.max(0, cy - 1.3 * radius - 1);
        int bottom = (int) Math.min(side - 1, cy + 1.3 * radius + 1);
        for (int y = top; y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                double dx = x + 0.5 - cx;
                double dy = y + 0.5 - cy;
                double u = dx * cos + dy * sin;
                double v = dy * cos - dx * sin;
                double inside = 0.5 - radius * shape.distance(u, v);
                if (inside > 0) {
                    double mix = 0.5 + 0.5 * v;
                    cover(x, y, first, second, mix, Math.min(inside, 1));
                }
            }
        }
    }

    /** Short strokes and dots of any colour: something for a network to overlook. */
    private void clutter(int most) {
        int count = below(most + 1);
        for (int i = 0; i < count; i++) {
            double[] colour = colour(uniform(0.1, 0.9), CHROMA);
            double ax = uniform(0, side);
            double ay = uniform(0, side);
            double turn = uniform(0, 2 * Math.PI);
            double reach = side * uniform(0, 0.16);
            double ex = reach * StrictMath.cos(turn);
            double ey = reach * StrictMath.sin(turn);
            double thick = side * uniform(0.008, 0.02);
            double pad = thick + 1;
            int left = (int) Math.max(0, Math.min(ax, ax + ex) - pad);
            int right = (int) Math.min(side - 1, Math.max(ax, ax + ex) + pad);
            int top = (int) Math.max(0, Math.min(ay, ay + ey) - pad);
            int bottom = (int) Math.min(side - 1, Math.max(ay, ay + ey) + pad);
            double square = Math.max(ex * ex + ey * ey, 1e-9);
            for (int y = top; y <= bottom; y++) {
                for (int x = left; x <= right; x++) {
                    double wx = x + 0.5 - ax;
                    double wy = y + 0.5 - ay;
                    double t = Math.max(0, Math.min(1, (wx * ex + wy * ey) / square));
                    double dx = wx - t * ex;
                    double dy = wy - t * ey;
                    double inside = 0.5 + thick - Math.sqrt(dx * dx + dy * dy);
                    if (inside > 0) {
                        cover(x, y, colour, colour, 0, Math.min(inside, 1));
                    }
                }
            }
        }
    }

    /** Light from a side, contrast, and grain; then bytes. */
    private byte[] lit() {
        double turn = uniform(0, 2 * Math.PI);
        double fall = uniform(0, 0.1);
        double cos = fall * StrictMath.cos(turn) / side;
        double sin = fall * StrictMath.sin(turn) / side;
        double contrast = uniform(0.7, 1.1);
        double bright = uniform(-0.06, 0.06);
        double grain = uniform(0, 0.01);
        double middle = 0.5 * side;
        byte[] image = new byte[canvas.length];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                double light = 1 + (x + 0.5 - middle) * cos + (y + 0.5 - middle) * sin;
                double speck = uniform(-grain, grain);
                for (int c = 0; c < 3; c++) {
                    int i = 3 * (y * side + x) + c;
                    double value = 0.5 + contrast * (canvas[i] - 0.5) + bright;
                    value = value * light + speck;
                    image[i] = (byte) (int) (255 * Math.max(0, Math.min(1, value)) + 0.5);
                }
            }
        }
        return image;
    }

    private void cover(int x, int y, double[] first, double[] second, double mix, double share) {
        int i = 3 * (y * side + x);
        for (int c = 0; c < 3; c++) {
            double paint = first[c] + mix * (second[c] - first[c]);
            canvas[i + c] += share * (paint - canvas[i + c]);
        }
    }

    /** A colour of the given luma with a random hue and chroma, on the axes of YIQ, where hue does not change luma. */
    private double[] colour(double luma, double mostChroma) {
        double hue = uniform(0, 2 * Math.PI);
        double chroma = uniform(0, mostChroma);
        double i = chroma * StrictMath.cos(hue);
        double q = chroma * StrictMath.sin(hue);
        return new double[] {luma + 0.956 * i + 0.621 * q, luma - 0.272 * i - 0.647 * q, luma - 1.106 * i + 1.703 * q};
    }

    private double uniform(double from, double to) {
        return from + (to - from) * (random.nextLong() >>> 11) * 0x1.0p-53;
    }

    private int below(int bound) {
        return (int) uniform(0, bound);
    }

    /** Smooth value noise on a lattice. */
    private final class Noise {
        private final int cells;
        private final double[] lattice;

        Noise(int cells) {
            this.cells = cells;
            this.lattice = new double[(cells + 2) * (cells + 2)];
            Arrays.setAll(lattice, i -> uniform(0, 1));
        }

        double at(int x, int y) {
            double gx = (x + 0.5) * cells / side;
            double gy = (y + 0.5) * cells / side;
            int cx = (int) gx;
            int cy = (int) gy;
            double fx = ease(gx - cx);
            double fy = ease(gy - cy);
            int i = cy * (cells + 2) + cx;
            int j = i + cells + 2;
            double top = lattice[i] + fx * (lattice[i + 1] - lattice[i]);
            double low = lattice[j] + fx * (lattice[j + 1] - lattice[j]);
            return top + fy * (low - top);
        }

        private static double ease(double t) {
            return t * t * (3 - 2 * t);
        }
    }
}
