package dev.byol.optim;

import static dev.byol.optim.Checks.require;
import static dev.byol.optim.Checks.requireDecay;
import static dev.byol.optim.Filters.all;
import static dev.byol.optim.Filters.path;

import dev.byol.api.Optimizer;
import dev.byol.api.Parameter;
import dev.byol.api.Schedule;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Published recipes with all their numbers. Hyper-parameters of BYOL belong to a number of epochs and a batch: those of 1000
 * epochs do badly in 300. So a combination that no source published is refused, unless it is asked for by name, as
 * {@code extrapolated()}.
 *
 * <pre>{@code
 * Recipe paper = Recipes.deepMind(1000, 4096).build();
 * Recipe mine = Recipes.deepMind(200, 256).images(105_000).extrapolated().build();
 * Recipe collapse = Recipes.appendix(320).lars(path("encoder/layer1/**", "encoder/layer2/**")).build();
 * }</pre>
 */
public final class Recipes {
    private Recipes() {}

    /**
     * BYOL as DeepMind trained it (Grill et al. 2020, <a href="https://arxiv.org/abs/2006.07733">arXiv 2006.07733</a>,
     * section 3.2, appendix G and the published configuration): LARS with momentum 0.9 and trust coefficient 1e-3; ten epochs
     * of linear warm-up to the base rate times batch / 256, then a cosine to 0; tau from its base to 1, both by the step.
     *
     * <table>
     * <caption>Published</caption>
     * <tr><th>images<th>epochs<th>batch<th>base rate<th>weight decay<th>base tau
     * <tr><td>ImageNet's<td>40<td>4096<td>0.45<td>1e-6<td>0.97
     * <tr><td>ImageNet's<td>100<td>4096<td>0.45<td>1e-6<td>0.99
     * <tr><td>ImageNet's<td>300<td>4096<td>0.3<td>1e-6<td>0.99
     * <tr><td>ImageNet's<td>1000<td>4096<td>0.2<td>1.5e-6<td>0.996
     * <tr><td>ImageNet's<td>1000<td>512<td>0.4<td>1.5e-6<td>0.9995
     * <tr><td>9469, Imagenette's<td>1000<td>256<td>2.0<td>1e-6<td>0.996
     * </table>
     *
     * @param epochs passes over the images, at least 1
     * @param batch images in a step, from 1 to those of an epoch
     */
    public static DeepMind deepMind(int epochs, int batch) {
        return new DeepMind(epochs, batch);
    }

    /**
     * BYOL on STL-10 as Fetterman and Albrecht (2020) trained it for their post and its appendix: batch 256, SGD with momentum
     * 0.9, rate 0.8 and weight decay 1e-4 on every parameter; rate and tau (from 0.996) move once an epoch along cosines of
     * 320 epochs however many are run; the target follows before the optimizer, and the loss is half of BYOL's. The table has
     * 10 epochs, the appendix 320.
     *
     * @param epochs passes over the images, at least 1
     */
    public static Appendix appendix(int epochs) {
        return new Appendix(epochs);
    }

    /**
     * The linear classifier of Fetterman and Albrecht (2020) on the 5,000 labelled images of STL-10: SGD at rate 30 with momentum 0.9 and no
     * weight decay, 100 epochs at batch 256, a tenth of the rate after 60 % of the epochs and again after 80 %. Trained on random resized
     * crops of 8 % to 100 % of the area and flips, tested on the centre of 96 pixels of images resized to 128.
     *
     * <p>Their encoder stayed in training mode meanwhile: see {@code LinearEvaluation}, which does not copy that.
     */
    public static Linear linearAppendix() {
        return new Linear(Linear.APPENDIX);
    }

    /**
     * The linear evaluation of DeepMind's BYOL on ImageNet (Grill et al. 2020, appendix C.1, and the published code): SGD with Nesterov's
     * momentum 0.9 and no weight decay, 80 epochs at batch 1024, from the base rate times batch / 256 along half a cosine to 0 without a
     * warm-up; the base rate is the best of 0.4, 0.3, 0.2, 0.1 and 0.05 (the code's default is 0.2) on images that are held out. Trained on
     * random resized crops of 8 % to 100 % of the area and flips, tested on the centre crop of 224/256 of the shorter side.
     */
    public static Linear linearDeepMind() {
        return new Linear(Linear.DEEPMIND);
    }

    private static void requirePublished(boolean published, boolean extrapolated, String asked, String known) {
        if (!published && !extrapolated) {
            throw new IllegalStateException(
                    "no source published " + asked + "; published: " + known + "; ask for it with extrapolated()");
        }
    }

    static void requireBatch(int batch, long images) {
        require(batch >= 1 && batch <= images, "batch must be from 1 to the " + images + " images, got " + batch);
    }

    private static String source(String name, boolean published) {
        return published ? name : name + ", extrapolated";
    }

    /** DeepMind's recipe; not thread-safe. */
    public static final class DeepMind {
        private static final long IMAGENET = 1_281_167;
        private static final long IMAGENETTE = 9469;
        private static final int BATCH = 4096;
        private static final int WARMUP_EPOCHS = 10;
        private static final List<Preset> PRESETS = List.of(
                new Preset(IMAGENET, 40, BATCH, 0.45, 1e-6, 0.97),
                new Preset(IMAGENET, 100, BATCH, 0.45, 1e-6, 0.99),
                new Preset(IMAGENET, 300, BATCH, 0.3, 1e-6, 0.99),
                new Preset(IMAGENET, 1000, BATCH, 0.2, 1.5e-6, 0.996),
                new Preset(IMAGENET, 1000, 512, 0.4, 1.5e-6, 0.9995),
                new Preset(IMAGENETTE, 1000, 256, 2, 1e-6, 0.996));

        private record Preset(long images, int epochs, int batch, double rate, double decay, double tau) {
            double distance(int epochs) {
                return Math.abs(StrictMath.log((double) this.epochs / epochs));
            }
        }

        private final int epochs;
        private final int batch;
        private long images = IMAGENET;
        private boolean extrapolated;

        private DeepMind(int epochs, int batch) {
            require(epochs >= 1, "epochs must be at least 1, got " + epochs);
            this.epochs = epochs;
            this.batch = batch;
        }

        /** Images in an epoch; ImageNet's 1 281 167 by default. */
        public DeepMind images(long images) {
            this.images = images;
            return this;
        }

        /**
         * Allows what was not published: the numbers of the published number of epochs that is nearest in ratio, at batch
         * 4096, with the rate in proportion to the batch; warm-up is at most a quarter of the run.
         */
        public DeepMind extrapolated() {
            this.extrapolated = true;
            return this;
        }

        /**
         * The recipe.
         *
         * @throws IllegalStateException if it was not published and not asked for as extrapolated
         * @throws IllegalArgumentException if the batch is larger than the images
         */
        public Recipe build() {
            requireBatch(batch, images);
            Optional<Preset> exact = PRESETS.stream()
                    .filter(p -> p.images == images && p.epochs == epochs && p.batch == batch)
                    .findFirst();
            requirePublished(
                    exact.isPresent(),
                    extrapolated,
                    "DeepMind's BYOL of " + epochs + " epochs at batch " + batch + " on " + images + " images",
                    "40, 100, 300 and 1000 epochs at batch 4096 and 1000 at 512 on " + IMAGENET + ", 1000 at 256 on "
                            + IMAGENETTE);
            Preset preset = exact.orElseGet(() -> PRESETS.stream()
                    .filter(p -> p.batch == BATCH)
                    .min(Comparator.comparingDouble(p -> p.distance(epochs)))
                    .orElseThrow());
            long steps = epochs * images / batch;
            long warmup = Math.min(WARMUP_EPOCHS * images / batch, steps / 4);
            Schedule rate = Schedules.warmupCosine(preset.rate * batch / 256, warmup, steps);
            return new Recipe(
                    source("DeepMind's BYOL (Grill et al. 2020)", exact.isPresent()),
                    images,
                    epochs,
                    batch,
                    steps,
                    Lars.deepMind().learningRate(rate).weightDecay(preset.decay).build(),
                    rate,
                    Schedules.tau(preset.tau, steps),
                    false,
                    false,
                    1);
        }
    }

    /** The appendix's recipe; not thread-safe. */
    public static final class Appendix {
        private static final long STL10 = 105_000;
        private static final int BATCH = 256;
        private static final int EPOCHS = 320;
        private static final double TAU = 0.996;
        private static final double TRUST = 1e-3;

        /** Rates with their weight decays. */
        private record Setting(boolean lars, double rate, double decay) {}

        private static final Set<Setting> PUBLISHED = Set.of(
                new Setting(false, 0.8, 1e-4),
                new Setting(false, 0.02, 1e-4),
                new Setting(false, 0.2, 1e-4),
                new Setting(false, 0.2, 1e-5),
                new Setting(true, 0.1, 1.5e-6),
                new Setting(true, 0.2, 1.5e-6),
                new Setting(true, 0.5, 1.5e-6));
        private static final Set<Predicate<Parameter>> SCOPES =
                Set.of(all(), path("encoder/layer1/**", "encoder/layer2/**"), path("projector/**", "predictor/**"));

        private final int epochs;
        private int cosineEpochs = EPOCHS;
        private int batch = BATCH;
        private long images = STL10;
        private double trustCoefficient = TRUST;
        private double tau = TAU;
        private Optional<Double> rate = Optional.empty();
        private Optional<Double> weightDecay = Optional.empty();
        private Optional<Predicate<Parameter>> lars = Optional.empty();
        private Optional<Raised> raised = Optional.empty();
        private boolean extrapolated;

        private record Raised(double factor, Predicate<Parameter> scope) {}

        private Appendix(int epochs) {
            require(epochs >= 1, "epochs must be at least 1, got " + epochs);
            this.epochs = epochs;
        }

        /** The first epoch's rate: 0.8 by default, 0.2 with LARS; 0.02 in the contrastive row. */
        public Appendix rate(double rate) {
            this.rate = Optional.of(rate);
            return this;
        }

        /** Share of each parameter that decays: 1e-4 by default, 1.5e-6 with LARS; 1e-5 where it alone undoes the collapse. */
        public Appendix weightDecay(double weightDecay) {
            requireDecay(weightDecay);
            this.weightDecay = Optional.of(weightDecay);
            return this;
        }

        /**
         * LARS, in the form of {@link Lars#you2017()} and with {@link Filters#appendixExclusions()}, for the parameters in a
         * scope, and SGD for the rest. Published are {@code all()}, {@code path("encoder/layer1/**", "encoder/layer2/**")} and
         * {@code path("projector/**", "predictor/**")}.
         */
        public Appendix lars(Predicate<Parameter> scope) {
            this.lars = Optional.of(scope);
            return this;
        }

        /**
         * SGD at a multiple of the rate for the parameters in a scope: the appendix's control, which shows that a high rate
         * alone does not undo a collapse. It does not say how high, so that this is {@linkplain #extrapolated() extrapolated}.
         */
        public Appendix raised(double factor, Predicate<Parameter> scope) {
            require(Double.isFinite(factor) && factor > 0, "factor must be finite and above 0, got " + factor);
            this.raised = Optional.of(new Raised(factor, scope));
            return this;
        }

        /** The epoch at which the cosines of rate and tau end; 320 by default, which may be past the end of the run. */
        public Appendix cosineEpochs(int cosineEpochs) {
            require(cosineEpochs >= 1, "epochs of the cosine must be at least 1, got " + cosineEpochs);
            this.cosineEpochs = cosineEpochs;
            return this;
        }

        /** LARS's share of a tensor's norm that a step at the rate 1 moves; 1e-3 by default, and only that was published. */
        public Appendix trustCoefficient(double trustCoefficient) {
            require(
                    Double.isFinite(trustCoefficient) && trustCoefficient > 0,
                    "trustCoefficient must be finite and above 0, got " + trustCoefficient);
            this.trustCoefficient = trustCoefficient;
            return this;
        }

        /** The target's decay in the first epoch, in [0, 1]; 0.996 by default, and only that was published. */
        public Appendix tau(double tau) {
            require(tau >= 0 && tau <= 1, "tau must be in [0, 1], got " + tau);
            this.tau = tau;
            return this;
        }

        /** Images in a step; 256 by default. */
        public Appendix batch(int batch) {
            this.batch = batch;
            return this;
        }

        /** Images in an epoch; the 105 000 of STL-10, labelled and not, by default. */
        public Appendix images(long images) {
            this.images = images;
            return this;
        }

        /** Allows what was not published, with the numbers as they are: the rate is not scaled by the batch. */
        public Appendix extrapolated() {
            this.extrapolated = true;
            return this;
        }

        /**
         * The recipe.
         *
         * @throws IllegalStateException if it was not published and not asked for as extrapolated
         * @throws IllegalArgumentException if a setting is out of range, or LARS and a raised rate are both asked for
         */
        public Recipe build() {
            require(
                    lars.isEmpty() || raised.isEmpty(),
                    "the raised rate is the control without LARS; ask for one of them");
            requireBatch(batch, images);
            double rate = this.rate.orElse(lars.isPresent() ? 0.2 : 0.8);
            double decay = weightDecay.orElse(lars.isPresent() ? 1.5e-6 : 1e-4);
            boolean published = PUBLISHED.contains(new Setting(lars.isPresent(), rate, decay))
                    && SCOPES.contains(lars.orElse(all()))
                    && raised.isEmpty()
                    && epochs <= EPOCHS
                    && cosineEpochs == EPOCHS
                    && batch == BATCH
                    && images == STL10
                    && tau == TAU
                    && (lars.isEmpty() || trustCoefficient == TRUST);
            requirePublished(published, extrapolated, asked(rate, decay), known());
            long stepsPerEpoch = images / batch;
            Schedule schedule = Schedules.cosinePerEpoch(rate, stepsPerEpoch, cosineEpochs);
            return new Recipe(
                    source("BYOL of Fetterman and Albrecht (2020)", published),
                    images,
                    epochs,
                    batch,
                    epochs * stepsPerEpoch,
                    optimizer(schedule, rate, decay, stepsPerEpoch),
                    schedule,
                    Schedules.perEpoch(Schedules.tau(tau, cosineEpochs), stepsPerEpoch),
                    true,
                    true,
                    0.5);
        }

        private Optimizer optimizer(Schedule schedule, double rate, double decay, long stepsPerEpoch) {
            Optimizer sgd = sgd(schedule, decay);
            if (lars.isPresent()) {
                Predicate<Parameter> kept = Filters.appendixExclusions().negate();
                Optimizer adaptive = Lars.you2017()
                        .learningRate(schedule)
                        .trustCoefficient(trustCoefficient)
                        .weightDecay(decay)
                        .decayed(kept)
                        .adapted(kept)
                        .build();
                return lars.get().equals(all()) ? adaptive : Rules.split(lars.get(), adaptive, sgd);
            }
            return raised.map(r -> Rules.split(
                            r.scope,
                            sgd(Schedules.cosinePerEpoch(rate * r.factor, stepsPerEpoch, cosineEpochs), decay),
                            sgd))
                    .orElse(sgd);
        }

        private static Optimizer sgd(Schedule rate, double decay) {
            return Sgd.builder()
                    .learningRate(rate)
                    .weightDecay(decay)
                    .decayed(all())
                    .build();
        }

        private String asked(double rate, double decay) {
            String rule = lars.map(scope -> "LARS on " + scope + " with trust coefficient " + trustCoefficient)
                    .or(() -> raised.map(r -> "SGD with " + r.factor + " times the rate on " + r.scope))
                    .orElse("SGD");
            return rule + " at rate " + rate + " with weight decay " + decay + ", tau from " + tau + ", " + epochs
                    + " epochs of a cosine of " + cosineEpochs + " at batch " + batch + " on " + images + " images";
        }

        private static String known() {
            return "SGD at 0.8, 0.2 or 0.02 with 1e-4 and at 0.2 with 1e-5, LARS on all parameters, on layer1 and layer2 or on the MLPs"
                    + " at 0.1, 0.2 or 0.5 with 1.5e-6, up to " + EPOCHS + " epochs of a cosine of " + EPOCHS
                    + " at batch " + BATCH + " on " + STL10 + " images, tau from " + TAU + ", trust coefficient "
                    + TRUST;
        }
    }

    /** The recipe of a linear evaluation; not thread-safe. */
    public static final class Linear {
        private record Published(
                String title,
                boolean nesterov,
                int leastEpochs,
                List<Long> images,
                int epochs,
                int batch,
                List<Double> rates,
                Pace pace) {}

        /** How a source moves the rate of a run. */
        private interface Pace {
            /** @param steps of the whole run */
            Schedule of(double rate, int batch, int epochs, long stepsPerEpoch, long steps);
        }

        private static final Published APPENDIX = new Published(
                "the linear classifier of Fetterman and Albrecht (2020)",
                false,
                3,
                List.of(5000L),
                100,
                256,
                List.of(30.0),
                (rate, batch, epochs, stepsPerEpoch, steps) -> Schedules.multiStep(
                        rate, 0.1, epochs * 3L / 5 * stepsPerEpoch, epochs * 4L / 5 * stepsPerEpoch));

        /** ImageNet's training images: all, and less those that the paper and the code hold out. */
        private static final Published DEEPMIND = new Published(
                "the linear evaluation of DeepMind's BYOL (Grill et al. 2020)",
                true,
                1,
                List.of(1_281_167L, 1_271_158L, 1_271_167L),
                80,
                1024,
                List.of(0.4, 0.3, 0.2, 0.1, 0.05),
                (rate, batch, epochs, stepsPerEpoch, steps) -> Schedules.warmupCosine(rate * batch / 256, 0, steps));

        private final Published published;
        private long images;
        private int epochs;
        private int batch;
        private List<Double> rates;
        private boolean extrapolated;

        private Linear(Published published) {
            this.published = published;
            this.images = published.images.get(0);
            this.epochs = published.epochs;
            this.batch = published.batch;
            this.rates = published.rates;
        }

        /** Labelled images in an epoch: the appendix's 5,000 by default, ImageNet's 1 281 167 in DeepMind's. */
        public Linear images(long images) {
            this.images = images;
            return this;
        }

        /** Passes over the images; 100 in the appendix, 80 in DeepMind's. */
        public Linear epochs(int epochs) {
            this.epochs = epochs;
            return this;
        }

        /** Images in a step; 256 in the appendix, 1024 in DeepMind's. */
        public Linear batch(int batch) {
            this.batch = batch;
            return this;
        }

        /**
         * The base rates of the sweep, one classifier each: some of the published ones, or others if {@linkplain #extrapolated()
         * extrapolated}.
         *
         * @throws IllegalArgumentException if there is none, two are the same, or one is not finite and above 0
         */
        public Linear rates(double... rates) {
            List<Double> all = Arrays.stream(rates).boxed().toList();
            require(
                    !all.isEmpty() && Set.copyOf(all).size() == all.size(),
                    "a sweep needs at least one rate and different ones, got " + all);
            all.forEach(r -> require(Double.isFinite(r) && r > 0, "a rate must be finite and above 0, got " + r));
            this.rates = all;
            return this;
        }

        /** Allows what was not published, with the numbers as they are; DeepMind's rate is in proportion to the batch, the appendix's not. */
        public Linear extrapolated() {
            this.extrapolated = true;
            return this;
        }

        /**
         * The recipe.
         *
         * @throws IllegalStateException if it was not published and not asked for as extrapolated
         * @throws IllegalArgumentException if the batch is larger than the images, or the epochs are below 1 (in the appendix below 3: its
         *     rate falls twice)
         */
        public LinearRecipe build() {
            require(
                    epochs >= published.leastEpochs,
                    "epochs must be at least " + published.leastEpochs + ", got " + epochs);
            requireBatch(batch, images);
            boolean exact = published.images.contains(images)
                    && epochs == published.epochs
                    && batch == published.batch
                    && published.rates.containsAll(rates);
            requirePublished(
                    exact,
                    extrapolated,
                    published.title + " of " + epochs + " epochs at batch " + batch + " on " + images
                            + " images with the rates " + rates,
                    published.epochs + " epochs at batch " + published.batch + " on "
                            + published.images + " images with the rates "
                            + published.rates);
            long stepsPerEpoch = images / batch;
            // DeepMind counts the last, partial batches of epochs too; a short run of whole batches would end far from
            // 0 so
            long steps = exact ? epochs * images / batch : epochs * stepsPerEpoch;
            Map<String, Optimizer> heads = new LinkedHashMap<>();
            rates.forEach(rate ->
                    heads.put(rate.toString(), head(published.pace.of(rate, batch, epochs, stepsPerEpoch, steps))));
            return new LinearRecipe(source(published.title, exact), images, epochs, batch, heads);
        }

        private Optimizer head(Schedule schedule) {
            return Sgd.builder()
                    .learningRate(schedule)
                    .momentum(0.9)
                    .nesterov(published.nesterov)
                    .weightDecay(0)
                    .build();
        }
    }
}
