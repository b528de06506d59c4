package dev.byol.augment;

import static dev.byol.augment.Interpolation.BICUBIC;
import static dev.byol.augment.Interpolation.BILINEAR;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Published recipes, named by their source: the views of an image, one {@link View} for each. Sides are for the caller to
 * choose, since papers use 224 for ImageNet and others less; everything else is as published. Normalisation is apart
 * ({@link Normalize#IMAGENET} everywhere).
 *
 * <p>Where a source crops with TensorFlow, whose bicubic resizing does not antialias, the crops here are Pillow's; where it
 * needs other proportions after ten tries, they are torchvision's.
 */
public final class Presets {
    private static final Map<String, IntFunction<List<View>>> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put("appendix", Presets::appendix);
        BY_NAME.put("byol", Presets::byol);
        BY_NAME.put("simclr", Presets::simclr);
        BY_NAME.put("moco2", Presets::mocoV2);
        BY_NAME.put("dino", Presets::dino);
        BY_NAME.put("linear-train", side -> List.of(linearTrain(side)));
        BY_NAME.put("linear-test", side -> List.of(linearTest(side)));
    }

    private Presets() {}

    /** The names that {@link #named(String, int)} knows. */
    public static Set<String> names() {
        return Collections.unmodifiableSet(BY_NAME.keySet());
    }

    /**
     * The recipe of a name, such as {@code byol}, as one would give it on a command line.
     *
     * @param side the views' side in pixels, of the large ones where there are two sizes
     * @throws IllegalArgumentException if there is no such recipe, or {@code side} is below 1
     */
    public static List<View> named(String name, int side) {
        IntFunction<List<View>> recipe = BY_NAME.get(name);
        if (recipe == null) {
            throw new IllegalArgumentException("no recipe " + name + ", expected one of " + names());
        }
        return recipe.apply(side);
    }

    /**
     * Two views of the recipe that {@link View#appendix()} describes.
     *
     * @param side the views' side in pixels, 96 in the appendix
     * @throws IllegalArgumentException if {@code side} is below 1
     */
    public static List<View> appendix(int side) {
        return twice(View.appendix().side(side).build());
    }

    /**
     * BYOL's two views, T and T', of Grill et al. (2020), "Bootstrap your own latent", Table 6: crop of [0.08, 1] of the area,
     * bicubic; flip 0.5; jitter 0.8 of (0.4, 0.4, 0.2, 0.1) in DeepMind's form; grayscale 0.2; blur 1 and 0.1; solarise 0 and 0.2.
     *
     * @param side the views' side in pixels, 224 in the paper
     * @throws IllegalArgumentException if {@code side} is below 1
     * @see <a href="https://arxiv.org/abs/2006.07733">the paper</a>
     * @see <a href="https://github.com/google-deepmind/deepmind-research/blob/master/byol/utils/augmentations.py">its code</a>
     */
    public static List<View> byol(int side) {
        Augmentation blur = RandomGaussianBlur.ofSide(side);
        List<Augmentation> common = List.of(
                new RandomResizedCrop(side, 0.08, 1, BICUBIC),
                flip(),
                new RandomApply(0.8, new HsvJitter(0.4, 0.4, 0.2, 0.1)),
                grayscale());
        return List.of(
                view(side, common, blur),
                view(side, common, new RandomApply(0.1, blur), new RandomApply(0.2, new Solarize(128))));
    }

    /**
     * SimCLR's two views, of Chen et al. (2020), "A simple framework for contrastive learning of visual representations",
     * appendix A, with colour strength 1: crop of [0.08, 1] of the area, bicubic; flip 0.5; jitter 0.8 of (0.8, 0.8, 0.8, 0.2) with
     * additive brightness; grayscale 0.2; blur 0.5.
     *
     * @param side the views' side in pixels, 224 in the paper
     * @throws IllegalArgumentException if {@code side} is below 1
     * @see <a href="https://arxiv.org/abs/2002.05709">the paper</a>
     * @see <a href="https://github.com/google-research/simclr/blob/master/data_util.py">its code</a>, whose default since the
     *     second version multiplies the brightness
     */
    public static List<View> simclr(int side) {
        return twice(view(
                side,
                List.of(
                        new RandomResizedCrop(side, 0.08, 1, BICUBIC),
                        flip(),
                        new RandomApply(0.8, new HsvJitter(0.8, 0.8, 0.8, 0.2)),
                        grayscale()),
                new RandomApply(0.5, RandomGaussianBlur.ofSide(side))));
    }

    /**
     * MoCo v2's two views, of Chen, Fan, Girshick, He (2020), "Improved baselines with momentum contrastive learning"
     * ({@code --aug-plus} of its code): crop of [0.2, 1] of the area, bilinear; jitter 0.8 of (0.4, 0.4, 0.4, 0.1); grayscale 0.2; Pillow's blur
     * 0.5 with sigma of [0.1, 2]; flip 0.5.
     *
     * @param side the views' side in pixels, 224 in the paper
     * @throws IllegalArgumentException if {@code side} is below 1
     * @see <a href="https://arxiv.org/abs/2003.04297">the paper</a>
     * @see <a href="https://github.com/facebookresearch/moco/blob/main/main_moco.py">its code</a>
     */
    public static List<View> mocoV2(int side) {
        return twice(view(
                side,
                List.of(
                        new RandomResizedCrop(side, 0.2, 1, BILINEAR),
                        new RandomApply(0.8, new ColorJitter(0.4, 0.4, 0.4, 0.1)),
                        grayscale(),
                        new RandomApply(0.5, new RandomBlur(0.1, 2)),
                        flip())));
    }

    /**
     * DINO's multi-crop as in its code: {@link #dino(int, int, int)} with eight small views of 96/224 of the side.
     *
     * @param side the large views' side in pixels, 224 in the paper
     * @throws IllegalArgumentException if {@code side} is below 1
     */
    public static List<View> dino(int side) {
        return dino(side, Math.max(1, (int) Math.rint(side * 96 / 224.0)), 8);
    }

    /**
     * DINO's multi-crop, of Caron et al. (2021), "Emerging properties in self-supervised vision transformers": two large views
     * (crop of [0.4, 1] of the area) and several small ones ([0.05, 0.4]), all bicubic; flip 0.5; jitter 0.8 of (0.4, 0.4, 0.2, 0.1);
     * grayscale 0.2; Pillow's blur with sigma of [0.1, 2] 1, 0.1 and, of small views, 0.5; solarise 0.2 of the second.
     *
     * @param largeSide the large views' side in pixels, 224 in the paper
     * @param smallSide the small views' side in pixels, 96 in the paper
     * @param small the number of small views, 8 in the code
     * @throws IllegalArgumentException if a side is below 1 or {@code small} is negative
     * @see <a href="https://arxiv.org/abs/2104.14294">the paper</a>
     * @see <a href="https://github.com/facebookresearch/dino/blob/main/main_dino.py">its code</a>
     */
    public static List<View> dino(int largeSide, int smallSide, int small) {
        Check.atLeast("number of small views", small, 0);
        Augmentation blur = new RandomBlur(0.1, 2);
        List<Augmentation> colour =
                List.of(flip(), new RandomApply(0.8, new ColorJitter(0.4, 0.4, 0.2, 0.1)), grayscale());
        List<Augmentation> large = with(colour, new RandomResizedCrop(largeSide, 0.4, 1, BICUBIC));
        List<Augmentation> local = with(colour, new RandomResizedCrop(smallSide, 0.05, 0.4, BICUBIC));
        List<View> views = new ArrayList<>();
        views.add(view(largeSide, large, blur));
        views.add(view(largeSide, large, new RandomApply(0.1, blur), new RandomApply(0.2, new Solarize(128))));
        views.addAll(Collections.nCopies(small, view(smallSide, local, new RandomApply(0.5, blur))));
        return List.copyOf(views);
    }

    /**
     * Multi-crop of any two recipes, as SwAV (Caron et al., 2020, "Unsupervised learning of visual features by contrasting
     * cluster assignments") introduced it: some large views, then some small ones.
     *
     * @param large the number of large views
     * @param largeView their recipe
     * @param small the number of small views
     * @param smallView their recipe
     * @throws IllegalArgumentException if a number is negative
     */
    public static List<View> multiCrop(int large, View largeView, int small, View smallView) {
        Check.atLeast("number of large views", large, 0);
        Check.atLeast("number of small views", small, 0);
        List<View> views = new ArrayList<>(Collections.nCopies(large, largeView));
        views.addAll(Collections.nCopies(small, smallView));
        return List.copyOf(views);
    }

    /**
     * What a linear classifier is trained on: crop of [0.08, 1] of the area, bicubic, and flip 0.5 (BYOL, appendix C.1).
     *
     * @param side the view's side in pixels, 224 in the paper
     * @throws IllegalArgumentException if {@code side} is below 1
     */
    public static View linearTrain(int side) {
        return view(side, List.of(new RandomResizedCrop(side, 0.08, 1, BICUBIC), flip()));
    }

    /**
     * What a linear classifier is tested on: the shorter side resized to 256/224 of the view's, bicubic, and the centre cut out
     * (BYOL, appendix C.1).
     *
     * @param side the view's side in pixels, 224 in the paper
     * @throws IllegalArgumentException if {@code side} is below 1
     */
    public static View linearTest(int side) {
        int shorter = (int) Math.rint(side * 256 / 224.0);
        return view(side, List.of(new ResizeShorterSide(shorter, BICUBIC), new CenterCrop(side)));
    }

    private static Augmentation flip() {
        return new RandomApply(0.5, new HorizontalFlip());
    }

    private static Augmentation grayscale() {
        return new RandomApply(0.2, new Grayscale());
    }

    private static List<View> twice(View view) {
        return List.of(view, view);
    }

    private static List<Augmentation> with(List<Augmentation> rest, Augmentation first) {
        List<Augmentation> all = new ArrayList<>(List.of(first));
        all.addAll(rest);
        return all;
    }

    private static View view(int side, List<Augmentation> first, Augmentation... then) {
        List<Augmentation> all = new ArrayList<>(first);
        Collections.addAll(all, then);
        return new View(side, all);
    }
}
