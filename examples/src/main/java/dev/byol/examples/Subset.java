package dev.byol.examples;

import dev.byol.augment.Image;
import dev.byol.augment.io.ImageSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * Some images of a source.
 *
 * @param what names them in messages
 */
record Subset(ImageSource all, List<Integer> indices, String what) implements ImageSource {
    private static final int PARTS = 5;

    Subset {
        indices = List.copyOf(indices);
    }

    /** Four fifths of each class to train and one fifth, at least one image, to test; drawn by the seed. */
    static Data.Labelled holdOut(ImageSource all, long seed) {
        TreeMap<Integer, List<Integer>> classes = new TreeMap<>();
        for (int i = 0; i < all.size(); i++) {
            classes.computeIfAbsent(all.label(i), label -> new ArrayList<>()).add(i);
        }
        classes.remove(UNLABELLED);
        List<Integer> train = new ArrayList<>();
        List<Integer> test = new ArrayList<>();
        Random random = new Random(seed);
        for (List<Integer> members : classes.values()) {
            Collections.shuffle(members, random);
            int held = Math.max(1, members.size() / PARTS);
            test.addAll(members.subList(0, held));
            train.addAll(members.subList(held, members.size()));
        }
        Collections.sort(train);
        Collections.sort(test);
        String split = "one in " + PARTS + " of each class held out to test, drawn by seed " + seed;
        return new Data.Labelled(
                new Subset(all, train, "train part"), new Subset(all, test, "test part"), all.classNames(), split);
    }

    @Override
    public int size() {
        return indices.size();
    }

    @Override
    public Image image(int index) throws IOException {
        return all.image(indices.get(index));
    }

    @Override
    public int label(int index) {
        return all.label(indices.get(index));
    }

    @Override
    public List<String> classNames() {
        return all.classNames();
    }

    @Override
    public String name(int index) {
        return all.name(indices.get(index));
    }

    @Override
    public String description() {
        return all.description() + " (" + what + ")";
    }
}
