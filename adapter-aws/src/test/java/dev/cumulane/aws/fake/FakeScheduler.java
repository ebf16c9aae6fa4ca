// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** EventBridge Scheduler with one group: keeps schedules of one time, fires those that the test says are due, and deletes them as they ask for. */
public final class FakeScheduler extends FakeService {
    private static final Pattern PATH = Pattern.compile("/schedules/([0-9a-zA-Z_.-]+)");
    private static final Pattern AT = Pattern.compile("at\\((\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)\\)");

    private final String group;
    private final SortedMap<String, Schedule> schedules = new TreeMap<>();

    /**
     * A schedule that waits.
     *
     * @param at when it fires
     * @param target the target's ARN
     * @param input what the target is given
     */
    public record Schedule(Instant at, String target, String input) {}

    /**
     * Starts the service.
     *
     * @param group the one group that there is
     */
    public FakeScheduler(String group) {
        super("scheduler");
        this.group = group;
    }

    /**
     * What waits.
     *
     * @return the schedules
     */
    public synchronized List<Schedule> waiting() {
        return List.copyOf(schedules.values());
    }

    /**
     * Fires what is due.
     *
     * @param now the time
     * @param target is called for each
     */
    public void fire(Instant now, Consumer<Schedule> target) {
        List<Schedule> due = new ArrayList<>();
        synchronized (this) {
            schedules.values().stream().filter(each -> !each.at().isAfter(now)).forEach(due::add);
            schedules.values().removeAll(due);
        }
        due.forEach(target);
    }

    @Override
    protected synchronized WireAnswer handle(WireRequest request) {
        Matcher path = PATH.matcher(request.path());
        if (!request.method().equals("POST") || !path.matches()) {
            throw new Refused(400, "ValidationException", "this fake only creates schedules");
        }
        JsonNode body = body(request);
        if (!body.path("GroupName").asText("default").equals(group)) {
            throw new Refused(404, "ResourceNotFoundException", "Schedule group does not exist.");
        }
        Matcher at = AT.matcher(body.path("ScheduleExpression").asText());
        if (!at.matches() || !body.path("ActionAfterCompletion").asText().equals("DELETE")) {
            throw new Refused(400, "ValidationException", "Invalid Schedule Expression.");
        }
        String name = path.group(1);
        Schedule schedule = new Schedule(
                LocalDateTime.parse(at.group(1)).toInstant(ZoneOffset.UTC),
                body.path("Target").path("Arn").asText(),
                body.path("Target").path("Input").asText());
        if (Optional.ofNullable(schedules.putIfAbsent(name, schedule)).isPresent()) {
            throw new Refused(409, "ConflictException", "Schedule " + name + " already exists.");
        }
        return WireAnswer.json(
                200,
                object().put("ScheduleArn", "arn:aws:scheduler:eu-west-1:123456789012:schedule/" + group + "/" + name));
    }
}
