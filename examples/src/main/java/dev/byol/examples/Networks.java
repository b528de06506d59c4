package dev.byol.examples;

import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import java.util.StringJoiner;

/** What there is to say of a network in a report. */
final class Networks {
    private Networks() {}

    /** The groups of group normalisation in each stage: fewer than the published 32 where the channels do not allow it. */
    static String groups(ResNet network) {
        StringJoiner stages = new StringJoiner(", ");
        if (network.norm() instanceof Norm.Group group) {
            for (int stage = 0; stage < network.blocks().size(); stage++) {
                int channels = network.width() << stage;
                stages.add(group.groupsOf(channels) + " for " + channels + " channels");
            }
        }
        return stages.toString();
    }
}
