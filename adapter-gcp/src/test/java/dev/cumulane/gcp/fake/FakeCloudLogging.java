// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import com.google.logging.v2.ListLogEntriesRequest;
import com.google.logging.v2.ListLogEntriesResponse;
import com.google.logging.v2.LogEntry;
import com.google.logging.v2.LoggingProto;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cloud Logging, as far as entries are listed by a filter of comparisons, in the order of their times and then of their insert ids, in pages of two. */
public final class FakeCloudLogging extends FakeProtoService {
    private static final int PAGE = 2;
    private static final Pattern COMPARISON = Pattern.compile(
            "(logName|resource\\.type|resource\\.labels\\.[a-z_]+|labels\\.\"[a-z-]+\"|timestamp)(=|>=)\"([^\"]*)\"");

    private final List<LogEntry> entries = new CopyOnWriteArrayList<>();

    /** A log without lines. */
    public FakeCloudLogging() {
        super(LoggingProto.getDescriptor().findServiceByName("LoggingServiceV2"));
    }

    /**
     * Writes an entry.
     *
     * @param entry the entry; it needs no insert id
     */
    public void write(LogEntry entry) {
        entries.add(entry.toBuilder()
                .setInsertId(String.format("i-%06d", entries.size()))
                .build());
    }

    /** Forgets all entries. */
    public void clear() {
        entries.clear();
    }

    @Override
    Message call(String method, Message message) {
        if (!method.equals("ListLogEntries")) {
            throw unsupported(method);
        }
        ListLogEntriesRequest request = typed(message, ListLogEntriesRequest.parser());
        boolean projects =
                request.getResourceNamesList().stream().allMatch(name -> name.matches("projects/[a-z0-9-]+"));
        if (!projects) {
            throw wrong("resource_names");
        }
        if (!request.getOrderBy().equals("timestamp asc")) {
            throw wrong("this fake orders by 'timestamp asc' alone, not '" + request.getOrderBy() + "'");
        }
        if (request.getPageSize() < 0 || request.getPageSize() > 1000) {
            throw wrong("page_size");
        }
        List<LogEntry> found = entries.stream()
                .filter(filter(request.getFilter()))
                .sorted(Comparator.comparing(FakeCloudLogging::time).thenComparing(LogEntry::getInsertId))
                .toList();
        int from = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
        int to = Math.min(from + PAGE, found.size());
        return ListLogEntriesResponse.newBuilder()
                .addAllEntries(found.subList(from, to))
                .setNextPageToken(to < found.size() ? Integer.toString(to) : "")
                .build();
    }

    private static Predicate<LogEntry> filter(String filter) {
        List<Predicate<LogEntry>> all = new ArrayList<>();
        for (String part : filter.split(" AND ", -1)) {
            Matcher comparison = COMPARISON.matcher(part);
            if (!comparison.matches()) {
                throw wrong("Unparseable filter: " + part);
            }
            all.add(comparison(comparison.group(1), comparison.group(2), comparison.group(3)));
        }
        return entry -> all.stream().allMatch(one -> one.test(entry));
    }

    private static Predicate<LogEntry> comparison(String field, String operator, String value) {
        if (field.equals("timestamp") != operator.equals(">=")) {
            throw wrong("Unparseable filter: " + field + operator);
        }
        if (field.equals("timestamp")) {
            Instant from = instant(value);
            return entry -> !time(entry).isBefore(from);
        }
        if (field.equals("logName")) {
            return entry -> entry.getLogName().equals(value);
        }
        if (field.equals("resource.type")) {
            return entry -> entry.getResource().getType().equals(value);
        }
        if (field.startsWith("resource.labels.")) {
            String label = field.substring("resource.labels.".length());
            return entry -> entry.getResource().getLabelsOrDefault(label, "").equals(value);
        }
        String label = field.replaceAll("^labels\\.\"|\"$", "");
        return entry -> entry.getLabelsOrDefault(label, "").equals(value);
    }

    private static Instant instant(String value) {
        try {
            return Instant.parse(value);
        } catch (DateTimeParseException e) {
            throw wrong("timestamp: " + value);
        }
    }

    private static Instant time(LogEntry entry) {
        Timestamp time = entry.getTimestamp();
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    private static Refused wrong(String message) {
        return new Refused(400, "INVALID_ARGUMENT", message);
    }
}
