package dev.byol.examples;

import dev.byol.eval.CollapseEvent;
import dev.byol.eval.CollapseEvidence;
import dev.byol.eval.CollapseWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What {@link CollapseWatch}, at its defaults, tells of a run: it is fed the numbers that were kept of each step. */
final class StudyWatch {
    private StudyWatch() {}

    private static List<CollapseEvent> events(StudyHistory history) {
        CollapseWatch watch = CollapseWatch.builder().build();
        List<CollapseEvent> events = new ArrayList<>();
        for (StudyHistory.Step step : history.steps()) {
            events.addAll(watch.observe(
                    CollapseEvidence.at(step.step(), step.loss()).cosines(step.positive(), step.negative())));
        }
        return events;
    }

    /** A few words for each seed: "silent", or what was told at which step. */
    static String words(List<StudyTraining.Result> seeds) {
        return seeds.stream().map(result -> words(result.history())).collect(Collectors.joining("; "));
    }

    static String words(StudyHistory history) {
        List<CollapseEvent> events = events(history);
        return events.isEmpty()
                ? "silent"
                : events.stream().map(StudyWatch::word).collect(Collectors.joining(", "));
    }

    private static String word(CollapseEvent event) {
        String what;
        if (event instanceof CollapseEvent.FullCollapse) {
            what = "collapse";
        } else if (event instanceof CollapseEvent.DimensionalCollapse) {
            what = "dimensional collapse";
        } else if (event instanceof CollapseEvent.Recovering) {
            what = "recovering";
        } else {
            what = "not finite";
        }
        return what + " at step " + event.step();
    }
}
