// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.aws.client.AwsService;
import dev.cumulane.cloud.LogReading;
import dev.cumulane.cloud.LogText;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.run.AttemptId;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/**
 * Reads what builds and functions printed from CloudWatch Logs.
 *
 * <p>A build has a log stream of its own. A function's sandbox prints the lines of one invocation after the other, between two lines that name the request; the part
 * in between is read. CloudWatch shows lines some seconds late, so that a build's last ones may come after the build is over; who reads on gets them. Any thread.
 */
public final class CloudWatchLogs implements Logs {
    private static final Pattern BUILD = Pattern.compile("([A-Za-z0-9_-]+):([A-Za-z0-9-]+)");
    private static final Pattern INVOCATION = Pattern.compile("([A-Za-z0-9_-]+):[$A-Za-z0-9_-]+:([A-Za-z0-9-]+)");

    private final Supplier<CloudWatchLogsClient> client;
    private final BiFunction<AttemptId, String, WorkRunner.Phase> phases;
    private final AwsService service;

    /** Where work's lines are: a stream, from an instant on, up to the line that ends the invocation. */
    private record Place(String group, String stream, long since, Optional<String> request) {
        /** Whether Lambda marks the beginning or the end of the invocation by this line. */
        boolean marks(String word, OutputLogEvent event) {
            return request.isPresent() && event.message().startsWith(word + " RequestId: " + request.get());
        }
    }

    /**
     * Logs of work. Does no I/O.
     *
     * @param client makes the client on first use
     * @param phases whether the work may still print
     * @param region the region's id, for messages
     */
    public CloudWatchLogs(
            Supplier<CloudWatchLogsClient> client,
            BiFunction<AttemptId, String, WorkRunner.Phase> phases,
            String region) {
        this.client = client;
        this.phases = phases;
        this.service = new AwsService("CloudWatch Logs", "logs in " + region);
    }

    @Override
    public Piece read(AttemptId attempt, String serviceId, long position, int most) {
        LogText.check(position, most);
        // Asked before the log is read: what was printed before the end is then in what we read, or after it.
        boolean over = phases.apply(attempt, serviceId) == WorkRunner.Phase.OVER;
        return service.call("read the log of " + attempt, () -> {
            try {
                return place(serviceId)
                        .map(place -> read(place, position, most, over))
                        .orElse(new Piece("", position, over));
            } catch (ResourceNotFoundException e) {
                // Nothing was printed yet, or nobody keeps it any more.
                return new Piece("", position, over);
            }
        });
    }

    private Optional<Place> place(String serviceId) {
        Matcher build = BUILD.matcher(serviceId);
        if (build.matches()) {
            return Optional.of(new Place("/aws/codebuild/" + build.group(1), build.group(2), 0, Optional.empty()));
        }
        Matcher invocation = INVOCATION.matcher(serviceId);
        if (!invocation.matches()) {
            throw new IllegalArgumentException(
                    "not the id of a build or of an invocation: '" + serviceId.replaceAll("\\p{Cntrl}", "?") + "'");
        }
        String group = "/aws/lambda/" + invocation.group(1);
        String request = invocation.group(2);
        return beginning(group, request)
                .map(event -> new Place(group, event.logStreamName(), event.timestamp(), Optional.of(request)));
    }

    private Optional<FilteredLogEvent> beginning(String group, String request) {
        return client
                .get()
                .filterLogEventsPaginator(
                        filter -> filter.logGroupName(group).filterPattern("\"START RequestId: " + request + "\""))
                .stream()
                .flatMap(page -> page.events().stream())
                .findFirst();
    }

    private Piece read(Place place, long position, int most, boolean over) {
        LogReading reading = new LogReading(position, most);
        // The lines before an invocation's first one are of the invocation before.
        boolean ours = place.request().isEmpty() || LogReading.millis(position) > place.since();
        for (List<OutputLogEvent> page : pages(place, position)) {
            for (OutputLogEvent event : page) {
                if (place.marks("START", event)) {
                    ours = true;
                } else if (place.marks("END", event)) {
                    return reading.piece(true);
                } else if (ours) {
                    reading.add(event.timestamp(), event.message().getBytes(UTF_8));
                }
            }
            if (reading.isFull()) {
                break;
            }
        }
        return reading.piece(over);
    }

    /** Pages from the first on; the service repeats the token at the end. */
    private Iterable<List<OutputLogEvent>> pages(Place place, long position) {
        GetLogEventsRequest first = GetLogEventsRequest.builder()
                .logGroupName(place.group())
                .logStreamName(place.stream())
                .startFromHead(true)
                .startTime(Math.max(place.since(), LogReading.millis(position)))
                .build();
        return () -> new Iterator<>() {
            private Optional<String> token = Optional.empty();
            private boolean last;

            @Override
            public boolean hasNext() {
                return !last;
            }

            @Override
            public List<OutputLogEvent> next() {
                if (last) {
                    throw new NoSuchElementException("the log has no more pages");
                }
                GetLogEventsRequest.Builder request = first.toBuilder();
                token.ifPresent(request::nextToken);
                GetLogEventsResponse page = client.get().getLogEvents(request.build());
                Optional<String> next = Optional.ofNullable(page.nextForwardToken());
                last = next.isEmpty() || next.equals(token);
                token = next;
                return page.events();
            }
        };
    }
}
