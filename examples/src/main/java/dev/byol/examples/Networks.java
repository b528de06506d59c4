package dev.byol.examples;

import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What there is to say of a network in a report. */
final class Networks {
    private Networks() {}

    /**
     * The groups of group normalisation for each number of channels, a bottleneck's expanded ones too: fewer than the
     * published 32 where the channels do not allow it. Empty for other norms.
     */
    static String groups(ResNet network) {
        if (!(network.norm() instanceof Norm.Group group)) {
            return "";
        }
        int stages = network.blocks().size();
        int expansion = network.features() / (network.width() << (stages - 1));
        TreeSet<Integer> channels = new TreeSet<>();
        for (int stage = 0; stage < stages; stage++) {
            channels.add(network.width() << stage);
            channels.add((network.width() << stage) * expansion);
        }
        return channels.stream()
                .map(c -> group.groupsOf(c) + " for " + c + " channels")
                .collect(Collectors.joining(", "));
    }
}
