// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.aws.emulator.CallReader;
import dev.cumulane.aws.emulator.FaultProxy;
import dev.cumulane.aws.emulator.RecordedCall;
import dev.cumulane.aws.fake.WireRequest;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often which function called which service, and how many bytes it sent. */
final class Tally implements FaultProxy.Watcher {
    /** Which stream of the journal a call is about; a run that repeats another has a point in its name. */
    private static final Pattern STREAM = Pattern.compile("\"S\":\"(run(?=/[a-z0-9-]+\")|[a-z]+(?=/))");

    private final UnaryOperator<String> callers;
    private final SortedMap<String, Sum> sums = new TreeMap<>();

    /**
     * A tally of nothing yet.
     *
     * @param callers says which function has a key
     */
    Tally(UnaryOperator<String> callers) {
        this.callers = callers;
    }

    private record Sum(int calls, long bytes) {
        Sum plus(Sum other) {
            return new Sum(calls + other.calls, bytes + other.bytes);
        }
    }

    @Override
    public synchronized void answered(WireRequest request, int status) {
        for (RecordedCall call : CallReader.read(request, status)) {
            // The right to pass a role is asked about, and no call of its own.
            if (!call.action().startsWith("iam:")) {
                String caller = callers.apply(call.role());
                boolean isSigned = request.query().containsKey("X-Amz-Credential");
                Matcher stream = STREAM.matcher(new String(request.body(), UTF_8));
                String name = (isSigned ? "build, signed by " : "")
                        + caller.substring(caller.lastIndexOf('-') + 1) + " " + call.action()
                        + (call.action().startsWith("dynamodb:") && stream.find() ? " " + stream.group(1) : "");
                sums.merge(name, new Sum(1, request.body().length), Sum::plus);
            }
        }
    }

    /** How often this was called, such as {@code engine dynamodb:PutItem}. */
    synchronized int calls(String call) {
        return sums.getOrDefault(call, new Sum(0, 0)).calls();
    }

    /** The table, beside so many transitions. */
    synchronized String table(String title, int transitions) {
        StringBuilder table = new StringBuilder("%s: %d transitions%n".formatted(title, transitions));
        sums.forEach((call, sum) -> table.append("%-44s %4d calls, %5.2f a transition, %7d bytes, %6d a transition%n"
                .formatted(
                        call,
                        sum.calls(),
                        sum.calls() / (double) transitions,
                        sum.bytes(),
                        sum.bytes() / transitions)));
        return table.toString();
    }
}
