package dev.byol.optim;

import static dev.byol.optim.Checks.require;
import static dev.byol.optim.Checks.requireDecay;
import static dev.byol.optim.Checks.requireMomentum;
import static dev.byol.optim.Checks.requireTrust;
import static dev.byol.optim.Filters.all;
import static dev.byol.optim.Rules.addDecayedWeights;
import static dev.byol.optim.Rules.chain;
import static dev.byol.optim.Rules.scaleByLearningRate;

import dev.byol.api.Optimizer;
import dev.byol.api.Parameter;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Schedule;
import dev.byol.api.Tensor;
import dev.byol.api.Update;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Layer-wise adaptive rate scaling (You, Gitman and Ginsburg 2017, <a href="https://arxiv.org/abs/1708.03888">arXiv
 * 1708.03888</a>) as its sources write it. They agree on little but the idea: a layer moves by a share of its own length. With
 * w a parameter, g its gradient, u = g + decay · w, b the momentum buffer and eta the trust coefficient:
 *
 * <table>
 * <caption>The dialects</caption>
 * <tr><th>made by<th>trust ratio q<th>update<th>zero norms
 * <tr><td>{@link #deepMind()}<td>eta |w| / |u|<td>b = m b + q u; w = w - rate b<td>q = 1
 * <tr><td>{@link #simclr()}<td>eta |w| / |u|<td>b = m b + rate q u; w = w - b<td>q = 1
 * <tr><td>{@link #bolts()}<td>eta |w| / (|g| + decay |w| + 1e-8)<td>b = m b + q u; w = w - rate b<td>u = g and q = 1
 * <tr><td>{@link #soloLearn()}<td>as bolts; clipped: min(q / rate, 1)<td>as bolts<td>as bolts
 * <tr><td>{@link #you2017()}<td>eta |w| / (|g| + decay |w|)<td>b = m b + rate q u; w = w - b<td>as the formula says
 * </table>
 *
 * <p>A parameter that does not decay has decay = 0 throughout, one that is not adapted q = 1: it moves at the whole learning
 * rate, which for LARS is large. Each adapted parameter's local rate, q · rate, is reported as
 * {@value #LOCAL_RATE}{@code /PATH}; over the rate it is the local learning rate lambda of You et al., and of the appendix of
 * Fetterman and Albrecht (2020).
 *
 * @param dialect whose arithmetic it is
 * @param learningRate the rate of each step
 * @param momentum in [0, 1); 0 keeps no buffer
 * @param weightDecay finite and at least 0
 * @param trustCoefficient eta, finite and above 0
 * @param clipped whether the trust ratio is {@code min(q / rate, 1)}; solo-learn's alone
 * @param reported whether local rates are reported
 * @param decayed which parameters decay
 * @param adapted which parameters are scaled by q
 */
public record Lars(
        Dialect dialect,
        Schedule learningRate,
        double momentum,
        double weightDecay,
        double trustCoefficient,
        boolean clipped,
        boolean reported,
        Predicate<Parameter> decayed,
        Predicate<Parameter> adapted)
        implements Optimizer {
    /** What local rates are reported as, before the parameter's path. */
    public static final String LOCAL_RATE = "lars/local_rate";

    private static final double BOLTS_EPSILON = 1e-8;

    /** A source, and with it the arithmetic that the table above shows. */
    public enum Dialect {
        /** DeepMind's BYOL, optax, VICReg, Barlow Twins. */
        DEEPMIND,
        /** SimCLR's TensorFlow 2 code with its default, classic momentum. */
        SIMCLR,
        /**
         * Lightning Bolts and lightly: without decay a parameter is not adapted either, so that a weight decay of 0 leaves
         * plain momentum.
         */
        BOLTS,
        /** solo-learn: Bolts without that tie, and with a clip to choose. */
        SOLO_LEARN,
        /**
         * Algorithm 1 of You et al. as public ports and the code of Fetterman and Albrecht have it, without a guard: a
         * parameter that starts at zero stays there, and a gradient of exactly zero without decay makes it NaN.
         */
        YOU2017
    }

    public Lars {
        requireMomentum(momentum);
        requireDecay(weightDecay);
        requireTrust(trustCoefficient);
        require(!clipped || dialect == Dialect.SOLO_LEARN, "only solo-learn clips the trust ratio, got " + dialect);
    }

    /**
     * DeepMind's form, with settings that begin with those of BYOL (Grill et al. 2020, 1000 epochs): weight decay 1.5e-6;
     * kernels decay and are adapted, biases and norms neither.
     */
    public static Builder deepMind() {
        return new Builder(Dialect.DEEPMIND, 1.5e-6);
    }

    /** SimCLR's form (Chen et al. 2020): weight decay 1e-6; kernels decay and are adapted, biases and norms neither. */
    public static Builder simclr() {
        return new Builder(Dialect.SIMCLR, 1e-6);
    }

    /**
     * The form of Lightning Bolts and lightly: weight decay 1e-6 as in lightly's BYOL; kernels decay and are adapted, biases
     * and norms neither.
     */
    public static Builder bolts() {
        return new Builder(Dialect.BOLTS, 1e-6);
    }

    /**
     * solo-learn's form: weight decay 1e-6 as in its BYOL on ImageNet, not clipped; kernels decay and are adapted, biases and
     * norms neither. On CIFAR it clips, with a trust coefficient of 0.02 and a weight decay of 1e-5.
     */
    public static Builder soloLearn() {
        return new Builder(Dialect.SOLO_LEARN, 1e-6);
    }

    /**
     * The form of You et al. (2017) and of Fetterman and Albrecht (2020): weight decay 1e-4; every parameter decays and is
     * adapted. What the latter leave out is {@link Filters#appendixExclusions()}.
     */
    public static Builder you2017() {
        return new Builder(Dialect.YOU2017, 1e-4).decayed(all()).adapted(all());
    }

    @Override
    public Tensor direction(Parameter parameter, Tensor gradient, Update update) {
        double decay = decayed.test(parameter) ? weightDecay : 0;
        Optimizer buffer = Rules.momentum(momentum);
        Optimizer rate = scaleByLearningRate(learningRate);
        Optimizer rule = switch (dialect) {
            case DEEPMIND -> chain(addDecayedWeights(decay, all()), trust(plain()), buffer, rate);
            case SIMCLR -> chain(addDecayedWeights(decay, all()), trust(plain()), rate, buffer);
            case BOLTS -> chain(decay == 0 ? chain() : trust(ofGradient(decay), decay), buffer, rate);
            case SOLO_LEARN -> chain(trust(ofGradient(decay), decay), buffer, rate);
            case YOU2017 -> chain(trust(new TrustRatio.Unguarded(trustCoefficient, decay), decay), rate, buffer);
        };
        return rule.direction(parameter, gradient, update);
    }

    private TrustRatio plain() {
        return new TrustRatio.Plain(trustCoefficient);
    }

    private TrustRatio ofGradient(double decay) {
        Optional<Schedule> clip = clipped ? Optional.of(learningRate) : Optional.empty();
        return new TrustRatio.OfGradient(trustCoefficient, decay, BOLTS_EPSILON, clip);
    }

    private Optimizer trust(TrustRatio ratio) {
        return trust(ratio, 0);
    }

    private Optimizer trust(TrustRatio ratio, double decay) {
        return new Rules.ScaleByTrustRatio(
                reported ? new TrustRatio.Reported(ratio, learningRate) : ratio, decay, adapted);
    }

    /** Named settings of {@link Lars}. Not thread-safe. */
    public static final class Builder extends RuleBuilder.WithMomentum<Builder> {
        private final Dialect dialect;
        private double trustCoefficient = 1e-3;
        private boolean clipped;
        private boolean reported = true;
        private Predicate<Parameter> adapted = Filters.only(Role.KERNEL);

        private Builder(Dialect dialect, double weightDecay) {
            super(weightDecay);
            this.dialect = dialect;
        }

        @Override
        Builder self() {
            return this;
        }

        /** Length of an adapted direction as a share of the parameter's, above 0; 1e-3 by default. */
        public Builder trustCoefficient(double trustCoefficient) {
            this.trustCoefficient = trustCoefficient;
            return this;
        }

        /** solo-learn's {@code clip_lr}: the trust ratio becomes {@code min(q / rate, 1)}; false by default. */
        public Builder clipped(boolean clipped) {
            this.clipped = clipped;
            return this;
        }

        /** Whether each adapted parameter's local rate is reported every step; true by default. */
        public Builder reported(boolean reported) {
            this.reported = reported;
            return this;
        }

        /** Which parameters are adapted; kernels by default, all in the form of 2017. */
        public Builder adapted(Predicate<Parameter> adapted) {
            this.adapted = adapted;
            return this;
        }

        /**
         * The rule.
         *
         * @throws IllegalStateException if the learning rate was not set
         * @throws IllegalArgumentException if a setting is out of range, or another form than solo-learn's is to clip
         */
        public Lars build() {
            return new Lars(
                    dialect, rate(), momentum, weightDecay, trustCoefficient, clipped, reported, decayed, adapted);
        }
    }
}
