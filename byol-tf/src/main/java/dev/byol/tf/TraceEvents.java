package dev.byol.tf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Operations in Chrome's trace event format: an array of events, times in microseconds. */
final class TraceEvents {
    private final List<String> events = new ArrayList<>();
    private final Map<String, Device> devices = new LinkedHashMap<>();

    private TraceEvents() {}

    /** A device's number, and for each of its lanes when the last operation in it ended. */
    private record Device(int number, List<Double> lanes) {
        /** The first lane that is free, a new one if none is. */
        int place(StepProfile.Operation operation) {
            int lane = 0;
            while (lane < lanes.size() && lanes.get(lane) > operation.startMicros()) {
                lane++;
            }
            if (lane == lanes.size()) {
                lanes.add(0.0);
            }
            lanes.set(lane, operation.startMicros() + operation.micros());
            return lane;
        }
    }

    /** Of operations by start. */
    static String json(List<StepProfile.Operation> operations) {
        TraceEvents trace = new TraceEvents();
        operations.forEach(trace::add);
        return "[\n" + String.join(",\n", trace.events) + "\n]\n";
    }

    private void add(StepProfile.Operation operation) {
        Device device = devices.computeIfAbsent(operation.device(), this::begun);
        events.add(String.format(
                Locale.ROOT,
                "{\"name\":%s,\"ph\":\"X\",\"ts\":%.3f,\"dur\":%.3f,\"pid\":%d,\"tid\":%d,\"args\":{\"node\":%s}}",
                Json.quote(operation.type()),
                operation.startMicros(),
                operation.micros(),
                device.number,
                device.place(operation),
                Json.quote(operation.name())));
    }

    private Device begun(String name) {
        int number = devices.size();
        events.add(String.format(
                Locale.ROOT,
                "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":%d,\"args\":{\"name\":%s}}",
                number,
                Json.quote(name)));
        return new Device(number, new ArrayList<>());
    }
}
