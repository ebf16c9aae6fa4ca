// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.aws.emulator.CallReader;
import dev.cumulane.aws.emulator.FaultProxy;
import dev.cumulane.aws.emulator.RecordedCall;
import dev.cumulane.aws.fake.WireRequest;
import dev.cumulane.aws.prices.AwsPriceList;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What calls cost by the price list. What DynamoDB counts cannot be seen on the wire, so it is reckoned high: a write by its request's bytes, which are more than
 * the item's; a query as 8 KB; a change of an index entry as two writes more. What a function's time is, no emulator shows: it is reckoned from its calls, at
 * the times of {@link #MILLIS}, at the memory of the template.
 */
final class Bill implements FaultProxy.Watcher {
    /** What one call takes within a region, in milliseconds, on an ordinary day; ours, and generous. */
    private static final Map<String, Integer> MILLIS = Map.of(
            "dynamodb", 6, "sqs", 12, "s3", 30, "secretsmanager", 15, "codebuild", 150, "lambda", 60, "scheduler", 40);

    private static final int OTHER_MILLIS = 40;
    /** What a warm function does itself for an event. */
    private static final int OWN_MILLIS = 10;

    private static final double GIGABYTES = 1.0;
    private static final int KILOBYTE = 1024;

    private final SortedMap<Row, Double> amounts = new TreeMap<>();

    /** What is paid for. */
    enum Row {
        JOURNAL_WRITES(AwsPriceList.JOURNAL_WRITE),
        JOURNAL_READS(AwsPriceList.JOURNAL_READ),
        QUEUE_REQUESTS(AwsPriceList.QUEUE_REQUEST),
        SCHEDULES(AwsPriceList.SCHEDULE),
        FUNCTION_CALLS(AwsPriceList.FUNCTION_CALL),
        FUNCTION_GIGABYTE_SECONDS(AwsPriceList.FUNCTION_GIGABYTE_SECOND),
        SECRET_READS(AwsPriceList.SECRET_READ),
        STORE_WRITES(AwsPriceList.STORE_WRITE),
        STORE_READS(AwsPriceList.STORE_READ);

        private final BigDecimal price;

        Row(BigDecimal price) {
            this.price = price;
        }
    }

    @Override
    public synchronized void answered(WireRequest request, int status) {
        for (RecordedCall call : CallReader.read(request, 200)) {
            if (!call.action().startsWith("iam:")) {
                add(request, call);
            }
        }
    }

    private void add(WireRequest request, RecordedCall call) {
        String service = call.action().substring(0, call.action().indexOf(':'));
        // Who sends a signed request to S3 waits for it, and no function does.
        if (!request.query().containsKey("X-Amz-Credential")) {
            add(Row.FUNCTION_GIGABYTE_SECONDS, MILLIS.getOrDefault(service, OTHER_MILLIS) / 1000.0 * GIGABYTES);
        }
        switch (service) {
            case "dynamodb" -> journal(call.action(), request);
            case "sqs" -> add(Row.QUEUE_REQUESTS, 1);
            case "scheduler" -> add(Row.SCHEDULES, 1);
            case "secretsmanager" -> add(Row.SECRET_READS, 1);
            case "s3" -> add(call.action().equals("s3:GetObject") ? Row.STORE_READS : Row.STORE_WRITES, 1);
            default -> {}
        }
    }

    private void journal(String action, WireRequest request) {
        if (action.endsWith("Query")) {
            add(Row.JOURNAL_READS, 2);
        } else if (action.endsWith("GetItem")) {
            add(Row.JOURNAL_READS, 1);
        } else {
            String body = new String(request.body(), UTF_8);
            boolean isListed = body.contains("\"sk\":{\"S\":\"l\"}");
            add(Row.JOURNAL_WRITES, (request.body().length + KILOBYTE - 1) / KILOBYTE + (isListed ? 2 : 0));
        }
    }

    /** Invocations, and what Lambda asks the queue for one batch: it receives and deletes. */
    synchronized void invoked(String role, int times) {
        add(Row.FUNCTION_CALLS, times);
        add(Row.FUNCTION_GIGABYTE_SECONDS, times * OWN_MILLIS / 1000.0 * GIGABYTES);
        if (role.equals("engine")) {
            add(Row.QUEUE_REQUESTS, 2.0 * times);
        }
    }

    /** Time in which a function waits for a service. */
    synchronized void waited(double seconds) {
        add(Row.FUNCTION_GIGABYTE_SECONDS, seconds * GIGABYTES);
    }

    private void add(Row row, double amount) {
        amounts.merge(row, amount, Double::sum);
    }

    /** What so many of these would cost, in US dollars, as far as these rows go. */
    synchronized BigDecimal dollars(int times, Row... rows) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Row row : rows) {
            sum = sum.add(row.price.multiply(BigDecimal.valueOf(amounts.getOrDefault(row, 0.0) * times)));
        }
        return sum.setScale(4, RoundingMode.HALF_UP);
    }

    synchronized String table(String title, int times) {
        StringBuilder table = new StringBuilder(title + "\n");
        for (Row row : Row.values()) {
            table.append("%-28s %10.2f a run  %8s US$ for %d%n"
                    .formatted(row, amounts.getOrDefault(row, 0.0), dollars(times, row), times));
        }
        return table.toString();
    }
}
