package dev.byol.api.graph;

import dev.byol.api.Initializer;
import dev.byol.api.Parameter;
import dev.byol.api.Schedule;
import dev.byol.api.State;
import dev.byol.api.Tensor;
import dev.byol.api.Update;
import java.util.Set;
import java.util.function.Predicate;

/** What a rule sees while it describes the update of one parameter. */
record RecordedUpdate(
        StepGraph graph,
        String owner,
        String scope,
        ParameterNode parameter,
        StepGraph.GlobalNorm norm,
        Set<String> taken)
        implements Update {
    @Override
    public Tensor scheduled(Schedule schedule) {
        return graph.scheduled(schedule);
    }

    @Override
    public State slot(String name) {
        if (!taken.add(scope + name)) {
            throw new IllegalStateException("slot " + scope + name + " of " + parameter.path()
                    + " is taken: give each part of a chain that remembers a name of its own");
        }
        return graph.state(owner, scope + name + "/" + parameter.path(), parameter.shape(), Initializer.zeros());
    }

    @Override
    public void report(String name, Tensor scalar) {
        graph.report(scope + name + "/" + parameter.path(), scalar);
    }

    @Override
    public Update child(String name) {
        return new RecordedUpdate(graph, owner, scope + name + "/", parameter, norm, taken);
    }

    @Override
    public Tensor globalNorm() {
        return norm.get();
    }

    @Override
    public Update among(Predicate<Parameter> chosen) {
        return new RecordedUpdate(graph, owner, scope, parameter, norm.among(chosen), taken);
    }
}
